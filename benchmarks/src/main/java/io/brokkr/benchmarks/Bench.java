package io.brokkr.benchmarks;

import io.brokkr.compatibility.ApacheKafka;
import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokerProgram;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where brokers are started for measurements: working folders on one disk, that are deleted when they have served.
 *
 * @param folder an existing one, for nobody else
 * @param tools whose tools make the load
 * @param librdkafkaPerformance librdkafka's rdkafka_performance
 */
record Bench(Path folder, ApacheKafka tools, Path librdkafkaPerformance) {
    private static final Duration READY_LIMIT = Duration.ofMinutes(10);

    /** A folder in which the broker was never started. */
    Path freshFolder(BrokerProgram broker) throws IOException, InterruptedException {
        Path fresh = Files.createTempDirectory(folder, "broker");
        broker.prepare(fresh);
        return fresh;
    }

    /** Starts the broker on a free port and waits until it serves; ends it if it does not. */
    BrokerProcess serve(BrokerProgram broker, Path workingFolder) throws IOException, InterruptedException {
        BrokerProcess process = BrokerProcess.start(broker, workingFolder, BrokerProcess.freePort());
        boolean ready = false;
        try {
            process.awaitReady(READY_LIMIT);
            ready = true;
            return process;
        } finally {
            if (!ready) {
                process.kill();
            }
        }
    }

    /** At the end of this JVM, which may have been asked to end early: kills what it started and still runs, and deletes the folder. */
    void abandon() {
        List<ProcessHandle> started = ProcessHandle.current().descendants().toList();
        while (!started.isEmpty()) {
            started.forEach(ProcessHandle::destroyForcibly);
            started.forEach(process -> process.onExit().join());
            // What was measured with them may have started the next meanwhile.
            started = ProcessHandle.current().descendants().toList();
        }
        try {
            delete(folder);
        } catch (IOException e) {
            System.err.println(folder + " is left: " + e);
        }
    }

    /** Deletes a folder and all in it. */
    void delete(Path unused) throws IOException {
        Files.walkFileTree(unused, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            /** A broker that was ended a moment ago may have taken a file away itself. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
