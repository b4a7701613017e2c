package io.brokkr.core.partition;

import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordStream;
import io.brokkr.protocol.record.TimestampType;
import io.brokkr.spi.Partition.RecordPosition;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Finds records by their timestamps: the engine names a batch to begin at, and what is behind it is looked through.
 *
 * <p>Where the batch that is found cannot be opened, for want of a codec or because its records are not what they should be, its first record is the answer, with the
 * batch's highest timestamp: a consumer that begins there sees the record it wants, and some before it.
 */
final class TimestampSearch {

    private static final int CHUNK_BYTES = 64 << 10;

    private final PartitionLog log;
    private final LeaderEpochs epochs;
    private final CompressionCodecs codecs;
    private final Executor blocking;

    TimestampSearch(PartitionLog log, LeaderEpochs epochs, CompressionCodecs codecs, Executor blocking) {
        this.log = log;
        this.epochs = epochs;
        this.codecs = codecs;
        this.blocking = blocking;
    }

    /** The first record before an end whose timestamp is the given one or later. */
    CompletionStage<Optional<RecordPosition>> first(long timestamp, long endOffset) {
        return log.findTimestamp(timestamp)
                .thenCompose(candidate -> candidate.isEmpty()
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : scan(Math.max(candidate.get(), log.startOffset()), timestamp, endOffset));
    }

    /** The largest timestamp in the log, {@link RecordBatch#NO_TIMESTAMP} if there is none. */
    long largest() {
        return log.segments().stream().mapToLong(LogSegment::maxTimestamp).max().orElse(RecordBatch.NO_TIMESTAMP);
    }

    private CompletionStage<Optional<RecordPosition>> scan(long startOffset, long timestamp, long endOffset) {
        Match match = new Match(timestamp, log.startOffset());
        return new BatchScan(log, startOffset, endOffset, CHUNK_BYTES, blocking, match::look, null)
                .run()
                .thenApply(done -> Optional.ofNullable(match.found));
    }

    private final class Match {

        private final long timestamp;
        private final long startOffset;
        private @Nullable RecordPosition found;

        Match(long timestamp, long startOffset) {
            this.timestamp = timestamp;
            this.startOffset = startOffset;
        }

        /** Whether to look on. */
        boolean look(RecordBatch batch) {
            if (!batch.isCrcValid()) {
                throw new CorruptLogException("the batch at offset " + batch.baseOffset() + " of " + log.id()
                        + " has not the checksum that it carries, so that nobody knows its times");
            }
            if (batch.maxTimestamp() >= timestamp && !batch.isControl()) {
                lookInto(batch);
            }
            return found == null;
        }

        private void lookInto(RecordBatch batch) {
            if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
                answer(Math.max(batch.baseOffset(), startOffset), batch.maxTimestamp());
                return;
            }
            try (RecordStream records = RecordStream.open(batch, codecs)) {
                while (records.hasNext() && found == null) {
                    Record record = records.next();
                    if (record.timestamp() >= timestamp && record.offset() >= startOffset) {
                        answer(record.offset(), record.timestamp());
                    }
                }
            } catch (InvalidRecordBatchException unreadable) {
                long reached = batch.baseTimestamp() >= timestamp ? batch.baseTimestamp() : batch.maxTimestamp();
                answer(Math.max(batch.baseOffset(), startOffset), reached);
            }
        }

        private void answer(long offset, long reached) {
            found = new RecordPosition(offset, reached, epochs.epochOf(offset));
        }
    }
}
