package io.brokkr.storage.log;

import io.brokkr.spi.AdoptedTopic;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.CommandLineContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Carries out a plan, topic by topic: first the logs come into their places, then the topic becomes known. Cut short, it can be begun anew: a log that is in its place already stays there.
 */
final class Adoption {

    /** Where copies lie until they are whole. */
    private static final String UNFINISHED = "brokkr-adopting";

    private static final long PROGRESS_BYTES = 1L << 30;

    private final AdoptionPlan plan;
    private final BrokerServices broker;
    private final CommandLineContext context;
    private final Path unfinished;
    private long bytesCopied;
    private long told;

    Adoption(AdoptionPlan plan, BrokerServices broker, CommandLineContext context) {
        this.plan = plan;
        this.broker = broker;
        this.context = context;
        this.unfinished = plan.target().resolve(UNFINISHED);
    }

    void carryOut(boolean move) throws IOException {
        removeUnfinished();
        for (Map.Entry<AdoptedTopic, List<AdoptedLog>> entry : plan.topics().entrySet()) {
            for (AdoptedLog log : entry.getValue()) {
                bring(log, move);
            }
            AtomicFile.forceFolder(FileOperations.SYSTEM, plan.target());
            broker.topics().adopt(entry.getKey()).toCompletableFuture().join();
            context.out().println("adopted " + entry.getKey().topic().name());
        }
        removeUnfinished();
    }

    private void bring(AdoptedLog log, boolean move) throws IOException {
        Path place = plan.target().resolve(log.name());
        if (place.equals(log.source())) {
            log.state().write(FileOperations.SYSTEM, place);
            return;
        }
        if (move) {
            log.moveTo(place);
            return;
        }
        if (Files.exists(place)) {
            if (LogState.read(place).equals(Optional.of(log.state()))) {
                return;
            }
            // From an adoption that was cut short, after which Apache Kafka went on.
            remove(place);
        }
        Path copy = unfinished.resolve(log.name());
        log.copyTo(copy, this::progress);
        AtomicFile.forceFolder(FileOperations.SYSTEM, copy);
        Files.move(copy, place, StandardCopyOption.ATOMIC_MOVE);
    }

    private void progress(long bytes) {
        bytesCopied += bytes;
        if (bytesCopied - told > PROGRESS_BYTES) {
            told = bytesCopied;
            context.err().println("copied " + (bytesCopied >> 20) + " MiB");
        }
    }

    private void removeUnfinished() throws IOException {
        if (Files.exists(unfinished)) {
            remove(unfinished);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
