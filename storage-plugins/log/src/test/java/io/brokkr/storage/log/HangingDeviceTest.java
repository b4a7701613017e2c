package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.Stages;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who waits for a device that takes long, or hangs, and who does not. */
class HangingDeviceTest {

    /** For what waits for nobody. */
    private static final Duration SOON = Duration.ofSeconds(20);

    /** In each of two folders: one for each of its threads, and too few for the journal. */
    private static final int LOGS = SyncThreads.MOST_THREADS;

    private static final TextConfiguration CONFIGURATION =
            new TextConfiguration(Map.of("segment.bytes", "1000", "index.interval.bytes", "100"));

    @TempDir
    private Path home;

    private static LogId id(int partition) {
        return new LogId(new UUID(4, 4), "orders", partition);
    }

    private static PartitionLog open(StorageEngine engine, int partition) {
        return await(engine.open(id(partition), 1, CONFIGURATION));
    }

    private static void append(PartitionLog log, int count) {
        for (int i = 0; i < count; i++) {
            await(log.append(Batches.single(log.endOffset(), 1_000)));
        }
    }

    private static List<CompletionStage<Void>> appendAndSync(List<PartitionLog> logs) {
        logs.forEach(log -> append(log, 1));
        return logs.stream().map(PartitionLog::sync).toList();
    }

    @Test
    void aDiskThatHangsHoldsUpNoAcknowledgementOfAnotherDisk() throws Exception {
        Path first = Files.createDirectory(home.resolve("first"));
        Path second = Files.createDirectory(home.resolve("second"));
        HangingFiles files = new HangingFiles();
        try (StorageFixture fixture = new StorageFixture(List.of(first, second), Map.of());
                StorageEngine engine = new LogStorageEngine(fixture, files);
                files) {
            List<PartitionLog> inFirst = new ArrayList<>();
            List<PartitionLog> inSecond = new ArrayList<>();
            for (int i = 0; i < 2 * LOGS; i++) {
                PartitionLog log = open(engine, i);
                (Files.isDirectory(first.resolve(id(i).toString())) ? inFirst : inSecond).add(log);
            }
            assertThat(inFirst).hasSameSizeAs(inSecond);
            files.forces = file -> file.startsWith(first);
            List<CompletionStage<Void>> hanging = appendAndSync(inFirst);
            files.awaitHanging();
            for (CompletionStage<Void> synced : appendAndSync(inSecond)) {
                assertThat(synced.toCompletableFuture()).succeedsWithin(SOON);
            }
            assertThat(hanging).noneMatch(synced -> synced.toCompletableFuture().isDone());
            files.close();
            hanging.forEach(Stages::await);
        }
    }

    @Test
    void anAcknowledgementDoesNotWaitUntilTheFilesOfATrimAreGone() throws Exception {
        HangingFiles files = new HangingFiles();
        try (StorageFixture fixture = new StorageFixture(List.of(home), Map.of());
                StorageEngine engine = new LogStorageEngine(fixture, files);
                files) {
            PartitionLog log = open(engine, 0);
            append(log, 30);
            await(log.sync());
            Path dropped = home.resolve(id(0).toString()).resolve(Segment.nameOf(0) + Segment.LOG_SUFFIX);
            files.deletions = dropped::equals;
            CompletionStage<Void> trimmed = log.trim(25);
            files.awaitHanging();
            append(log, 1);
            assertThat(log.sync().toCompletableFuture()).succeedsWithin(SOON);
            assertThat(log.startOffset()).isEqualTo(25);
            assertThat(trimmed.toCompletableFuture()).isNotDone();
            files.close();
            await(trimmed);
            assertThat(dropped).doesNotExist();
        }
    }

    /** A sync writes the segment's indexes, too, and a trim removes them. */
    @Test
    void anIndexIsNotPutInPlaceWhileSomethingElseIsDoneToTheLog() throws Exception {
        Path folder = home.resolve(id(0).toString());
        Path index = folder.resolve(Segment.nameOf(0) + IndexFile.Layout.OFFSETS.suffix());
        try (StorageFixture fixture = new StorageFixture(List.of(home), Map.of());
                StorageEngine engine = new LogStorageEngine(fixture, FileOperations.SYSTEM)) {
            PartitionLog log = open(engine, 0);
            append(log, 30);
            await(log.close());
        }
        Files.delete(index);
        JournalRun run = new JournalRun(home, FileOperations.SYSTEM);
        PartitionLog log = run.tasks.await(run.engine.open(id(0), 1, CONFIGURATION));
        run.logs.add(log);
        run.tasks
                .await(log.read(log.segments().get(0).endOffset() - 1, 1, true, Long.MAX_VALUE))
                .close();
        ReentrantLock maintenance = ((OpenedLog) log).log().maintenance();
        Thread rebuild = new Thread(run.tasks::runAll);
        maintenance.lock();
        try {
            rebuild.start();
            Eventually.holds(() -> assertThat(maintenance.hasQueuedThread(rebuild) || !rebuild.isAlive())
                    .isTrue());
            assertThat(index).doesNotExist();
        } finally {
            maintenance.unlock();
        }
        rebuild.join(SOON.toMillis());
        assertThat(index).exists();
        run.close();
    }
}
