package io.brokkr.core.partition;

import io.brokkr.core.topic.StoredTopic;
import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Clock;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens logs and finds out who wrote into them: from the checkpoints, and from the headers of the batches behind the last snapshot. Thread-safe.
 *
 * <p>Where there is no snapshot that fits (the first start in an adopted folder, a damaged one, a loss of power without sync that took batches which the snapshot
 * had seen), the segments that were written to since producers expire are read.
 */
final class LogOpening {

    private static final Logger LOG = LoggerFactory.getLogger(LogOpening.class);

    private static final int CHUNK_BYTES = 1 << 20;

    private final Map<String, StorageEngine> engines;
    private final Duration producerExpiration;
    private final Clock clock;
    private final Executor blocking;

    LogOpening(Map<String, StorageEngine> engines, Duration producerExpiration, Clock clock, Executor blocking) {
        this.engines = Map.copyOf(engines);
        this.producerExpiration = producerExpiration;
        this.clock = clock;
        this.blocking = blocking;
    }

    static LogId logId(StoredTopic topic, int partition) {
        return new LogId(topic.id(), topic.name(), partition);
    }

    StorageEngine engineOf(StoredTopic topic) {
        StorageEngine engine = engines.get(topic.storageEngine());
        if (engine == null) {
            throw new StorageException("the topic " + topic.name() + " is kept by the storage engine "
                    + topic.storageEngine() + ", which is not loaded");
        }
        return engine;
    }

    /** Opens the log alone, without looking into it. */
    CompletionStage<PartitionLog> openBare(StoredTopic topic, int partition) {
        return engineOf(topic).open(logId(topic, partition), topic.leaderEpoch(partition), topic.configuration());
    }

    /** Opens the log and reads what is needed to lead the partition. All that is in it is durable then. */
    CompletionStage<OpenedLog> open(StoredTopic topic, int partition) {
        return openBare(topic, partition).thenCompose(log -> recover(log).exceptionallyCompose(failure -> log.close()
                .handle((closed, again) -> null)
                .thenCompose(closed -> CompletableFuture.failedFuture(failure))));
    }

    private CompletionStage<OpenedLog> recover(PartitionLog log) {
        return log.readCheckpoint(LeaderEpochs.CHECKPOINT)
                .thenCombine(
                        log.readCheckpoint(ProducerSnapshot.CHECKPOINT),
                        (epochs, producers) -> new Recovery(log, epochs, producers))
                .thenCompose(Recovery::run);
    }

    /** One log's. */
    private final class Recovery {

        private final long now = clock.millis();
        private final PartitionLog log;
        private final ProducerStates producers;
        private final long startOffset;
        private final long snapshotOffset;
        private final boolean isSnapshotAhead;
        private LeaderEpochs epochs;
        private long bytesRead;

        Recovery(PartitionLog log, Optional<Bytes> epochCheckpoint, Optional<Bytes> producerCheckpoint) {
            this.log = log;
            epochs = epochCheckpoint
                    .flatMap(LeaderEpochs::read)
                    .orElse(LeaderEpochs.NONE)
                    .before(log.endOffset());
            Optional<ProducerSnapshot> kept = producerCheckpoint.flatMap(ProducerSnapshot::read);
            Optional<ProducerSnapshot> snapshot = kept.filter(candidate -> candidate.offset() <= log.endOffset());
            isSnapshotAhead = kept.isPresent() && snapshot.isEmpty();
            producers = snapshot.map(ProducerSnapshot::states).orElseGet(ProducerStates::new);
            snapshotOffset = snapshot.map(ProducerSnapshot::offset).orElse(log.endOffset() == 0 ? 0L : -1L);
            startOffset = Math.max(log.startOffset(), scanStart());
        }

        private long scanStart() {
            if (epochs.isEmpty()) {
                return log.startOffset();
            }
            if (snapshotOffset >= 0) {
                return snapshotOffset;
            }
            long oldest = now - producerExpiration.toMillis();
            return log.segments().stream()
                    .filter(segment -> segment.maxTimestamp() >= oldest)
                    .mapToLong(LogSegment::baseOffset)
                    .findFirst()
                    .orElse(log.endOffset());
        }

        CompletionStage<OpenedLog> run() {
            return new BatchScan(log, startOffset, log.endOffset(), CHUNK_BYTES, blocking, this::replay, this::warn)
                    .run()
                    // What a crash left in the memory of the operating system must not be shown before it is on the
                    // device.
                    .thenCompose(done -> log.sync())
                    .thenCompose(synced -> isSnapshotAhead ? keepSnapshot() : Stages.DONE)
                    .thenApply(done ->
                            new OpenedLog(log, producers, epochs, new ProducerCheckpoint(snapshotOffset, bytesRead)));
        }

        private void warn(long fromOffset, long toOffset) {
            LOG.warn(
                    "{} is damaged from offset {} to {} and opens without it: a batch in there that an idempotent producer"
                            + " sends again is not recognised",
                    log.id(),
                    fromOffset,
                    toOffset);
        }

        /** In place of one that would seem to fit once the log is as long again, though it tells of batches that are lost. */
        private CompletionStage<Void> keepSnapshot() {
            return log.writeCheckpoint(ProducerSnapshot.CHECKPOINT, ProducerSnapshot.write(log.endOffset(), producers));
        }

        private boolean replay(RecordBatch batch) {
            if (batch.baseOffset() >= snapshotOffset) {
                bytesRead += batch.sizeInBytes();
                if (batch.hasProducerId() && !batch.isControl()) {
                    // Their own time is the producers' say; that they are kept too long rather than too short harms
                    // nobody.
                    producers.add(batch, now);
                }
            }
            if (batch.partitionLeaderEpoch() >= 0) {
                epochs = epochs.with(batch.partitionLeaderEpoch(), batch.baseOffset());
            }
            return true;
        }
    }
}
