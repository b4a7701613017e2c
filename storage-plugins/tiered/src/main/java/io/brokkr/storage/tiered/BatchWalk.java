package io.brokkr.storage.tiered;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Shows the batches of a log, verified, one after the other. It has one chunk in memory at a time, and holds no thread while it waits. */
final class BatchWalk {

    private static final int CHUNK_BYTES = 1 << 20;

    private final PartitionLog log;
    private final long endOffset;
    private final Executor blocking;
    private final Function<RecordBatch, CompletionStage<Void>> visitor;
    private Walked walked;
    private long offset;

    /**
     * What was seen.
     *
     * @param endOffset behind the last batch
     */
    record Walked(long endOffset, long sizeInBytes, long maxTimestamp) {

        private Walked with(RecordBatch batch) {
            return new Walked(
                    batch.nextOffset(),
                    sizeInBytes + batch.sizeInBytes(),
                    Math.max(maxTimestamp, batch.maxTimestamp()));
        }

        LogSegment asSegment(long baseOffset) {
            return new LogSegment(baseOffset, endOffset, sizeInBytes, maxTimestamp);
        }
    }

    private BatchWalk(
            PartitionLog log,
            long startOffset,
            long endOffset,
            Executor blocking,
            Function<RecordBatch, CompletionStage<Void>> visitor) {
        this.log = log;
        this.offset = startOffset;
        this.endOffset = endOffset;
        this.blocking = blocking;
        this.visitor = visitor;
        this.walked = new Walked(startOffset, 0, RecordBatch.NO_TIMESTAMP);
    }

    /**
     * Walks from the batch that holds the start offset to the last one that ends before the end offset or at it.
     *
     * @param visitor may be shown the next batch before the stage of the one before is complete; a batch is valid until its own is
     * @return complete when all stages are; fails with {@link CorruptLogException} where something is no batch
     */
    static CompletionStage<Walked> run(
            PartitionLog log,
            long startOffset,
            long endOffset,
            Executor blocking,
            Function<RecordBatch, CompletionStage<Void>> visitor) {
        BatchWalk walk = new BatchWalk(log, startOffset, endOffset, blocking, visitor);
        return walk.readChunk();
    }

    private CompletionStage<Walked> readChunk() {
        if (offset >= endOffset) {
            return CompletableFuture.completedStage(walked);
        }
        long before = offset;
        return log.read(offset, CHUNK_BYTES, true, endOffset)
                .thenComposeAsync(this::visitChunk, blocking)
                .thenCompose(visited -> offset > before ? readChunk() : CompletableFuture.completedStage(walked));
    }

    private CompletionStage<Void> visitChunk(RecordData chunk) {
        CompletionStage<Void> visits = Stages.DONE;
        try {
            for (RecordBatch batch : RecordBatches.possiblyCut(chunk.toBuffer())) {
                batch.verify();
                if (batch.nextOffset() > endOffset) {
                    offset = endOffset;
                    break;
                }
                visits = Stages.both(visits, visitor.apply(batch));
                walked = walked.with(batch);
                offset = batch.nextOffset();
            }
        } catch (InvalidRecordBatchException corrupt) {
            String where = "the batch at or behind offset " + offset + " of " + log.id() + " is damaged: ";
            visits = failed(visits, new CorruptLogException(where + corrupt.getMessage(), corrupt));
        } catch (IOException unreadable) {
            visits = failed(visits, new StorageException("cannot read " + log.id() + ": " + unreadable, unreadable));
        }
        return visits.whenComplete((done, failure) -> chunk.close());
    }

    private static CompletionStage<Void> failed(CompletionStage<Void> visits, StorageException failure) {
        return Stages.both(visits, CompletableFuture.failedStage(failure));
    }
}
