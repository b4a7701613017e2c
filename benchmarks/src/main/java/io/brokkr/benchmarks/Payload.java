package io.brokkr.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Lines of words, which compress as text does. The same in each run. */
final class Payload {
    private static final int LINES = 1000;
    private static final int SEED = 1;
    private static final List<String> WORDS = List.of(
            "order",
            "customer",
            "amount",
            "currency",
            "shipped",
            "pending",
            "warehouse",
            "quantity",
            "invoice",
            "status");

    private Payload() {}

    /** Writes a file whose lines have so many bytes each. */
    static Path write(Path file, int lineBytes) throws IOException {
        Random random = new Random(SEED);
        return Files.write(
                file,
                Stream.generate(() -> line(random, lineBytes)).limit(LINES).toList());
    }

    private static String line(Random random, int bytes) {
        StringBuilder line = new StringBuilder(bytes + 30);
        while (line.length() < bytes) {
            line.append(WORDS.get(random.nextInt(WORDS.size())))
                    .append('=')
                    .append(random.nextInt(100_000))
                    .append(' ');
        }
        return line.substring(0, bytes);
    }
}
