package io.brokkr.plugin.assemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for what is made on the way, gone afterwards. */
record WorkFolder(Path path) implements AutoCloseable {

    WorkFolder() throws IOException {
        this(Files.createTempDirectory("brokkr-assemble"));
    }

    @Override
    public void close() throws IOException {
        List<Path> inside;
        try (Stream<Path> files = Files.walk(path)) {
            inside = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : inside) {
            Files.delete(each);
        }
    }
}
