package io.brokkr.core.partition;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Walks through the batches of a log a chunk at a time; between the chunks it holds no thread. */
final class BatchScan {

    private final PartitionLog log;
    private final long endOffset;
    private final int chunkBytes;
    private final Executor blocking;
    private final Predicate<RecordBatch> visitor;
    private final @Nullable BiConsumer<Long, Long> damage;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private long offset;

    /**
     * Looks at nothing yet.
     *
     * @param startOffset of the batch that holds it, or of the next one
     * @param endOffset batches that begin there or behind are not shown
     * @param blocking where the bytes are looked at, since they may have to come from a file
     * @param visitor returns false when it has seen enough; what it is shown is valid during the call
     * @param damage is told from where to where the log cannot be read, and the scan goes on behind that; if null, it fails there with {@link CorruptLogException}
     */
    BatchScan(
            PartitionLog log,
            long startOffset,
            long endOffset,
            int chunkBytes,
            Executor blocking,
            Predicate<RecordBatch> visitor,
            @Nullable BiConsumer<Long, Long> damage) {
        this.log = log;
        this.offset = startOffset;
        this.endOffset = endOffset;
        this.chunkBytes = chunkBytes;
        this.blocking = blocking;
        this.visitor = visitor;
        this.damage = damage;
    }

    /**
     * Shows the batches to the visitor, one after the other; to be called once.
     *
     * @return complete when the visitor has seen enough or everything
     */
    CompletionStage<Void> run() {
        readChunk();
        return end;
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
            fail(failure == null ? new StorageException("a read of " + log.id() + " gave nothing") : failure);
            return;
        }
        try (chunk) {
            if (visit(chunk)) {
                readChunk();
            } else {
                end.complete(null);
            }
        } catch (IOException unreadable) {
            fail(new StorageException("cannot read " + log.id(), unreadable));
        } catch (InvalidRecordBatchException corrupt) {
            fail(new CorruptLogException(log.id() + " holds no batch behind offset " + offset, corrupt));
        } catch (RuntimeException refused) {
            fail(refused);
        }
    }

    /** Whether there is more to see. */
    private boolean visit(RecordData chunk) throws IOException {
        long before = offset;
        for (RecordBatch batch : RecordBatches.possiblyCut(chunk.toBuffer())) {
            // No checksum covers the offset: of one that is wrong there may be no other sign.
            if (batch.nextOffset() <= offset || batch.baseOffset() >= endOffset) {
                throw new CorruptLogException(log.id() + " holds a batch out of order behind offset " + offset);
            }
            if (!visitor.test(batch)) {
                return false;
            }
            offset = batch.nextOffset();
        }
        return offset > before;
    }

    private void fail(Throwable failure) {
        BiConsumer<Long, Long> told = damage;
        if (told == null || !isDamage(failure)) {
            end.completeExceptionally(failure);
            return;
        }
        soundBehind(offset, 1, endOffset)
                .thenAccept(sound -> {
                    told.accept(offset, sound);
                    offset = sound;
                    readChunk();
                })
                .exceptionally(unreadable -> {
                    end.completeExceptionally(unreadable);
                    return null;
                });
    }

    private static boolean isDamage(Throwable failure) {
        return ApiException.in(failure) instanceof CorruptLogException;
    }

    /** Where batches can be read again: it looks in steps that grow, and then ever closer. */
    private CompletionStage<Long> soundBehind(long damaged, long step, long sound) {
        if (sound - damaged == 1) {
            return CompletableFuture.completedFuture(sound);
        }
        long probe = damaged + Math.min(step, (sound - damaged) / 2);
        return new BatchScan(log, probe, endOffset, 0, blocking, batch -> false, null)
                .run()
                .thenCompose(done -> soundBehind(damaged, step, probe))
                .exceptionallyCompose(failure -> isDamage(failure)
                        ? soundBehind(probe, 2 * step, sound)
                        : CompletableFuture.failedFuture(failure));
    }
}
