package io.brokkr.storage.tiered;

import static io.brokkr.testkit.storage.Stages.await;

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
import io.brokkr.spi.storage.StorageLocation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** The engine, for the contracts: moves what is due with every few changes, and never by itself. */
final class MovingEngine implements StorageEngine {

    private static final int CHANGES_BETWEEN_MOVES = 5;

    private final TieredStorageEngine engine;
    private final AtomicInteger changes = new AtomicInteger();

    /** Makes it. */
    static final class Factory implements StorageEngineFactory {
        @Override
        public String name() {
            return "tiered";
        }

        @Override
        public StorageEngine open(StorageContext context) {
            return new MovingEngine((TieredStorageEngine) new TieredStorageEngineFactory().open(context));
        }
    }

    /** The broker's settings: two tiers, and no moves of the engine's own. */
    static Map<String, String> settings(String hot, String cold) {
        return Map.of("tiered.hot.engine", hot, "tiered.cold.engine", cold, "tiered.check.interval.ms", "86400000");
    }

    private MovingEngine(TieredStorageEngine engine) {
        this.engine = engine;
    }

    private <T> CompletionStage<T> changed(CompletionStage<T> change) {
        if (changes.incrementAndGet() % CHANGES_BETWEEN_MOVES == 0) {
            await(engine.move());
        }
        return change;
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration) {
        return engine.open(id, leaderEpoch, configuration).thenApply(MovingLog::new);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        return engine.delete(id);
    }

    @Override
    public CompletionStage<List<LogId>> list() {
        return engine.list();
    }

    @Override
    public CompletionStage<List<StorageLocation>> locations() {
        return engine.locations();
    }

    @Override
    public void close() {
        engine.close();
    }

    private final class MovingLog implements PartitionLog {

        private final PartitionLog log;

        MovingLog(PartitionLog log) {
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
            return changed(log.append(batch));
        }

        @Override
        public CompletionStage<Void> sync() {
            return log.sync();
        }

        @Override
        public CompletionStage<RecordData> read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
            return log.read(offset, maxBytes, atLeastOneBatch, endOffset);
        }

        @Override
        public CompletionStage<Optional<Long>> findTimestamp(long timestamp) {
            return log.findTimestamp(timestamp);
        }

        @Override
        public List<LogSegment> segments() {
            return log.segments();
        }

        @Override
        public CompletionStage<Void> trim(long startOffset) {
            return changed(log.trim(startOffset));
        }

        @Override
        public CompletionStage<Void> truncate(long endOffset) {
            return changed(log.truncate(endOffset));
        }

        @Override
        public CompletionStage<Void> writeCheckpoint(String name, Bytes content) {
            return log.writeCheckpoint(name, content);
        }

        @Override
        public CompletionStage<Optional<Bytes>> readCheckpoint(String name) {
            return log.readCheckpoint(name);
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
