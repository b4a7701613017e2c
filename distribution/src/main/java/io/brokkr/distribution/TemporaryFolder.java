package io.brokkr.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is gone afterwards. */
record TemporaryFolder(Path path) implements AutoCloseable {

    TemporaryFolder() throws IOException {
        this(Files.createTempDirectory("brokkr"));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> inside = Files.walk(path)) {
            for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
