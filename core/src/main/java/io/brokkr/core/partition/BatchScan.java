package io.brokkr.core.partition;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Walks through the batches of a log a chunk at a time; between the chunks it holds no thread. */
final class BatchScan {

    private final PartitionLog log;
    private final long endOffset;
    private final int chunkBytes;
    private final Executor blocking;
    private final Predicate<RecordBatch> visitor;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private long offset;

    private BatchScan(
            PartitionLog log,
            long startOffset,
            long endOffset,
            int chunkBytes,
            Executor blocking,
            Predicate<RecordBatch> visitor) {
        this.log = log;
        this.offset = startOffset;
        this.endOffset = endOffset;
        this.chunkBytes = chunkBytes;
        this.blocking = blocking;
        this.visitor = visitor;
    }

    /**
     * Shows the batches to a visitor, one after the other, beginning with the one that holds the start offset.
     *
     * @param blocking where the bytes are looked at, since they may have to come from a file
     * @param visitor returns false when it has seen enough; what it is shown is valid during the call
     * @return complete when the visitor has seen enough or everything
     */
    static CompletionStage<Void> run(
            PartitionLog log,
            long startOffset,
            long endOffset,
            int chunkBytes,
            Executor blocking,
            Predicate<RecordBatch> visitor) {
        BatchScan scan = new BatchScan(log, startOffset, endOffset, chunkBytes, blocking, visitor);
        scan.readChunk();
        return scan.end;
    }

    private void readChunk() {
        if (offset >= endOffset) {
            end.complete(null);
            return;
        }
        log.read(offset, chunkBytes, true, endOffset).whenCompleteAsync(this::visitChunk, blocking);
    }

    private void visitChunk(@Nullable RecordData chunk, @Nullable Throwable failure) {
        if (chunk == null) {
            end.completeExceptionally(
                    failure == null ? new StorageException("a read of " + log.id() + " gave nothing") : failure);
            return;
        }
        try (chunk) {
            if (visit(chunk)) {
                readChunk();
            } else {
                end.complete(null);
            }
        } catch (IOException unreadable) {
            end.completeExceptionally(new StorageException("cannot read " + log.id(), unreadable));
        } catch (InvalidRecordBatchException corrupt) {
            end.completeExceptionally(
                    new CorruptLogException(log.id() + " holds no batch behind offset " + offset, corrupt));
        } catch (RuntimeException refused) {
            end.completeExceptionally(refused);
        }
    }

    /** Whether there is more to see. */
    private boolean visit(RecordData chunk) throws IOException {
        long before = offset;
        for (RecordBatch batch : RecordBatches.possiblyCut(chunk.toBuffer())) {
            if (!visitor.test(batch)) {
                return false;
            }
            offset = batch.nextOffset();
        }
        return offset > before;
    }
}
