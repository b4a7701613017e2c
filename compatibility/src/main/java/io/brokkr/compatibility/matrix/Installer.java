package io.brokkr.compatibility.matrix;

import io.brokkr.compatibility.CheckFailedException;
import io.brokkr.compatibility.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Gets clients onto the machine by the scripts of their families. Scripts may run side by side: they wait for each other where they share something.
 *
 * @param quick whether the scripts are to get no more than a quick run needs
 * @param limit after which a script is killed
 * @param logs where the scripts' output is kept
 */
record Installer(boolean quick, Duration limit, Path logs) {

    /** Compilers must not take the processor from clients that are being tested meanwhile, and measure time. */
    private static final List<String> COURTEOUSLY = List.of("nice", "-n", "10");

    /** Returns what the script says of the client's version; throws {@link CheckFailedException} with its error if it fails. */
    String install(ClientFamily family) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(COURTEOUSLY);
        line.add(family.folder().resolve("install").toString());
        if (quick) {
            line.add("--quick");
        }
        Path log = logs.resolve(family.folderName() + ".install.log");
        String version = new Command(line, limit, log).run().lines().reduce("", (earlier, last) -> last);
        if (version.isBlank()) {
            throw new CheckFailedException("names no version");
        }
        return version;
    }
}
