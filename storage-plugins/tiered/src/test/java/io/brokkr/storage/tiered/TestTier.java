package io.brokkr.storage.tiered;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.storage.StorageFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A tier in memory that outlives the engine on it, as a device does, and whose calls fail when the test wants it. */
final class TestTier implements StorageEngineFactory {

    private final String name;
    private final StorageEngine engine;

    /** How many more calls are answered; of all tiers of a test together. */
    private final AtomicInteger callsLeft;

    private volatile boolean fails;

    /**
     * An empty one.
     *
     * @param segmentSizeInBytes from which size on a segment is full
     */
    TestTier(String name, long segmentSizeInBytes, AtomicInteger callsLeft) {
        this.name = name;
        this.callsLeft = callsLeft;
        try (StorageFixture unused = new StorageFixture(List.of(), Map.of())) {
            this.engine = new MemoryStorageEngineFactory(segmentSizeInBytes).open(unused);
        }
    }

    /** Whether it cannot be reached. */
    void setFails(boolean fails) {
        this.fails = fails;
    }

    /** The engine itself, for a look past all faults. */
    StorageEngine engine() {
        return engine;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public StorageEngine open(StorageContext context) {
        if (fails) {
            throw new StorageException("the tier " + name + " is away");
        }
        return new Opened();
    }

    private <T> CompletionStage<T> call(Supplier<CompletionStage<T>> call) {
        if (fails) {
            return CompletableFuture.failedStage(new StorageException("the tier " + name + " is away"));
        }
        if (callsLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            return CompletableFuture.failedStage(new StorageException("the process has come to its end"));
        }
        return call.get();
    }

    private final class Opened implements StorageEngine {

        @Override
        public CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration) {
            return call(() -> engine.open(id, leaderEpoch, configuration)).thenApply(OpenedLog::new);
        }

        @Override
        public CompletionStage<Void> delete(LogId id) {
            return call(() -> engine.delete(id));
        }

        @Override
        public CompletionStage<List<LogId>> list() {
            return call(engine::list);
        }

        @Override
        public CompletionStage<List<StorageLocation>> locations() {
            return call(engine::locations);
        }

        @Override
        public void close() {}
    }

    private final class OpenedLog implements PartitionLog {

        private final PartitionLog log;

        OpenedLog(PartitionLog log) {
            this.log = log;
        }

        @Override
        public LogId id() {
            return log.id();
        }

        @Override
        public long startOffset() {
            return log.startOffset();
        }

        @Override
        public long endOffset() {
            return log.endOffset();
        }

        @Override
        public long sizeInBytes() {
            return log.sizeInBytes();
        }

        @Override
        public CompletionStage<Void> append(RecordBatch batch) {
            return call(() -> log.append(batch));
        }

        @Override
        public CompletionStage<Void> sync() {
            return call(log::sync);
        }

        @Override
        public CompletionStage<RecordData> read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
            return call(() -> log.read(offset, maxBytes, atLeastOneBatch, endOffset));
        }

        @Override
        public CompletionStage<Optional<Long>> findTimestamp(long timestamp) {
            return call(() -> log.findTimestamp(timestamp));
        }

        @Override
        public List<LogSegment> segments() {
            return log.segments();
        }

        @Override
        public CompletionStage<Void> trim(long startOffset) {
            return call(() -> log.trim(startOffset));
        }

        @Override
        public CompletionStage<Void> truncate(long endOffset) {
            return call(() -> log.truncate(endOffset));
        }

        @Override
        public CompletionStage<Void> writeCheckpoint(String checkpoint, Bytes content) {
            return call(() -> log.writeCheckpoint(checkpoint, content));
        }

        @Override
        public CompletionStage<Optional<Bytes>> readCheckpoint(String checkpoint) {
            return call(() -> log.readCheckpoint(checkpoint));
        }

        @Override
        public void reconfigure(Configuration configuration) {
            log.reconfigure(configuration);
        }

        @Override
        public CompletionStage<Void> close() {
            return log.close();
        }
    }
}
