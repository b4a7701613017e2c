package io.brokkr.spi;

import io.brokkr.protocol.Stability;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a broker would make of a plugin that lies in its folders; see {@link CommandLineContext#plugins}.
 *
 * @param id unique among the plugins that work; where it lies, if it does not say it
 * @param version as its manifest says; empty if a broker would leave it out
 * @param requirements what it needs, a version range for each: {@code SPI >=0.1.0}, {@code groups >=1.0.0}; empty if a broker would leave it out
 * @param path its jar, or its folder, in which {@code lib/} has the jars
 * @param provides what it is good for, in the words of {@code brokkr plugins list}: {@code API handlers}, {@code storage engine log}, {@code metadata store embedded}; empty if a broker
 *     would leave it out
 * @param problem why a broker would leave it out, in one line; null if it works
 */
@Stability(Stability.Level.EVOLVING)
public record InstalledPlugin(
        String id,
        String version,
        List<String> requirements,
        Path path,
        List<String> provides,
        @Nullable String problem) {

    /** Copies the lists. */
    public InstalledPlugin {
        requirements = List.copyOf(requirements);
        provides = List.copyOf(provides);
    }
}
