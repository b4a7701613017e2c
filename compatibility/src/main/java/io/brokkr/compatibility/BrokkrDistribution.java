package io.brokkr.compatibility;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Brokkr as it ships.
 *
 * @param name what reports call it
 * @param folder the unpacked distribution
 * @param settings what is set beside listeners and data folder; empty for the defaults
 */
public record BrokkrDistribution(String name, Path folder, Map<String, String> settings) implements BrokerProgram {
    /** Copies the settings. */
    public BrokkrDistribution {
        settings = Map.copyOf(settings);
    }

    @Override
    public void prepare(Path workingFolder) {}

    @Override
    public List<String> command(Path workingFolder, int port) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                folder.resolve("bin/brokkr").toString(),
                "start",
                "--set",
                "listeners=PLAINTEXT://127.0.0.1:" + port,
                "--set",
                "log.dirs=" + workingFolder.resolve("data")));
        settings.forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
        return line;
    }
}
