package io.brokkr.plugin.compaction;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Shows the batches of a log, verified, one after the other; it reads a chunk at a time, and holds no thread while it waits. */
final class BatchWalk {

    private static final int CHUNK_BYTES = 1 << 20;

    private final PartitionLog log;
    private final long endOffset;
    private final Pace pace;
    private final Executor blocking;
    private final Function<RecordBatch, CompletionStage<Boolean>> visitor;
    private long offset;
    private boolean ended;

    private BatchWalk(
            PartitionLog log,
            long startOffset,
            long endOffset,
            Pace pace,
            Executor blocking,
            Function<RecordBatch, CompletionStage<Boolean>> visitor) {
        this.log = log;
        this.offset = startOffset;
        this.endOffset = endOffset;
        this.pace = pace;
        this.blocking = blocking;
        this.visitor = visitor;
    }

    /**
     * Walks from the batch that holds the start offset to the last one whose base offset lies before the end.
     *
     * @param visitor says whether to go on; a batch is valid until its stage is complete
     * @return fails with {@link CorruptLogException}, which names the place, if something is no batch or the visitor finds that it cannot be read
     */
    static CompletionStage<Void> run(
            PartitionLog log,
            long startOffset,
            long endOffset,
            Pace pace,
            Executor blocking,
            Function<RecordBatch, CompletionStage<Boolean>> visitor) {
        BatchWalk walk = new BatchWalk(log, startOffset, endOffset, pace, blocking, visitor);
        return Loop.run(walk::readChunk, blocking);
    }

    private CompletionStage<Boolean> readChunk() {
        if (ended || offset >= endOffset) {
            return Loop.END;
        }
        return log.read(offset, CHUNK_BYTES, true, endOffset)
                .thenComposeAsync(this::visitChunk, blocking)
                .thenCompose(sizeInBytes -> pace.spend(sizeInBytes).thenApply(spent -> !ended));
    }

    private CompletionStage<Integer> visitChunk(RecordData chunk) {
        Iterator<RecordBatch> batches;
        try {
            batches = RecordBatches.possiblyCut(chunk.toBuffer()).iterator();
        } catch (IOException unreadable) {
            chunk.close();
            throw new StorageException("cannot read " + log.id(), unreadable);
        }
        // What holds no whole batch is the end of what can be read.
        ended = true;
        return Loop.run(() -> visitNext(batches), blocking)
                .thenApply(done -> chunk.sizeInBytes())
                .whenComplete((size, failure) -> chunk.close());
    }

    private CompletionStage<Boolean> visitNext(Iterator<RecordBatch> batches) {
        try {
            if (!batches.hasNext()) {
                return Loop.END;
            }
            RecordBatch batch = batches.next();
            batch.verify();
            CompletionStage<Boolean> visited = visitor.apply(batch);
            offset = batch.nextOffset();
            return visited.thenApply(goOn -> {
                ended = !goOn;
                return goOn;
            });
        } catch (InvalidRecordBatchException unreadable) {
            throw new CorruptLogException(
                    "the batch at or behind offset " + offset + " of " + log.id() + " cannot be read: "
                            + unreadable.getMessage(),
                    unreadable);
        }
    }
}
