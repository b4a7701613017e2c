package io.brokkr.benchmarks;

import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Where brokers are started for measurements: working folders on one disk, that are deleted when they have served.
 *
 * @param folder an existing one, for nobody else
 */
record Bench(Path folder) {
    static final Duration READY_LIMIT = Duration.ofMinutes(2);

    /** A folder in which the broker was never started. */
    Path freshFolder(BrokerProgram broker) throws IOException, InterruptedException {
        Path fresh = Files.createTempDirectory(folder, "broker");
        broker.prepare(fresh);
        return fresh;
    }

    /** Starts the broker on a free port and waits until it serves. */
    BrokerProcess serve(BrokerProgram broker, Path workingFolder) throws IOException, InterruptedException {
        BrokerProcess process = BrokerProcess.start(broker, workingFolder, BrokerProcess.freePort());
        process.awaitReady(READY_LIMIT);
        return process;
    }

    /** Deletes a folder and all in it. */
    void delete(Path unused) throws IOException {
        try (Stream<Path> files = Files.walk(unused)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
