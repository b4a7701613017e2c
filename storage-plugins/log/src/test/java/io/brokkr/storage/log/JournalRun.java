package io.brokkr.storage.log;

import io.brokkr.protocol.RecordData;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** One run of an engine whose logs are synced through the journal as soon as two of them wait, on the test's own thread. If nobody closes it, it was killed. */
final class JournalRun implements AutoCloseable {

    static final JournalSettings SETTINGS = new JournalSettings(1 << 19, 4, 2, 10_000, 1 << 20);

    final QueuedTasks tasks = new QueuedTasks();
    final AtomicLong nanos = new AtomicLong();
    final StorageEngine engine;
    final List<PartitionLog> logs = new ArrayList<>();
    private static final AtomicLong SALTS = new AtomicLong();

    JournalRun(Path root, FileOperations files) {
        engine = new LogStorageEngine(
                new QueuedContext(tasks, root, nanos::get),
                files,
                any -> tasks,
                () -> {},
                SETTINGS,
                SALTS::incrementAndGet);
    }

    static LogId id(int partition) {
        return new LogId(new UUID(3, 3), "orders", partition);
    }

    /** Opens logs, and syncs what is in them: the names of their files are durable then. */
    JournalRun open(int count) {
        for (int i = 0; i < count; i++) {
            logs.add(tasks.await(engine.open(id(i), 1, new TextConfiguration(Map.of()))));
        }
        appendAndSync();
        return this;
    }

    /** A batch for each log, and a sync for all. */
    void appendAndSync() {
        for (PartitionLog log : logs) {
            tasks.await(log.append(Batches.single(log.endOffset(), 1_000)));
        }
        List<CompletionStage<Void>> synced =
                logs.stream().map(PartitionLog::sync).toList();
        synced.forEach(tasks::await);
    }

    byte[] readAll(int log) {
        try (RecordData data = tasks.await(logs.get(log).read(0, 1 << 20, true, Long.MAX_VALUE))) {
            byte[] bytes = new byte[data.sizeInBytes()];
            data.toBuffer().get(bytes);
            return bytes;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What the engine does from time to time. */
    void look() {
        nanos.addAndGet(Journal.PAUSE_NANOS);
        tasks.repeatOnce();
        tasks.runAll();
    }

    /** Stops in order. */
    @Override
    public void close() {
        logs.forEach(log -> tasks.await(log.close()));
        tasks.runAll();
        engine.close();
    }
}
