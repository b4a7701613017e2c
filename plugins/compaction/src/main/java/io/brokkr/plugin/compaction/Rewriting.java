package io.brokkr.plugin.compaction;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.ReplaceableLog.Replacement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Puts what stays of a group of segments in its place, unless everything does. */
final class Rewriting {

    private final ReplaceableLog log;
    private final SegmentGroup group;
    private final BatchCleaner cleaner;
    private final Workshop workshop;
    private long readSizeInBytes;
    private long writtenSizeInBytes;
    private boolean changed;

    Rewriting(ReplaceableLog log, SegmentGroup group, BatchCleaner cleaner, Workshop workshop) {
        this.log = log;
        this.group = group;
        this.cleaner = cleaner;
        this.workshop = workshop;
        // Merging is a change, too.
        this.changed = group.segmentCount() > 1;
    }

    /** Until this completes well, the segments are as they were. */
    CompletionStage<Void> run() {
        return log.replace(group.baseOffset(), group.endOffset()).thenCompose(replacement -> fill(replacement)
                .thenCompose(done -> changed ? commit(replacement) : replacement.abandon())
                .handle((done, failure) ->
                        failure == null ? CompletableFuture.<Void>completedFuture(null) : giveUp(replacement, failure))
                .thenCompose(outcome -> outcome));
    }

    private CompletionStage<Void> fill(Replacement replacement) {
        long startOffset = Math.max(group.baseOffset(), log.startOffset());
        return BatchWalk.run(log, startOffset, group.endOffset(), workshop.pace(), workshop.blocking(), batch -> {
            RecordBatch kept = cleaner.clean(batch);
            readSizeInBytes += batch.sizeInBytes();
            changed |= kept != batch;
            return kept == null ? Loop.GO_ON : append(replacement, kept);
        });
    }

    private CompletionStage<Boolean> append(Replacement replacement, RecordBatch batch) {
        writtenSizeInBytes += batch.sizeInBytes();
        return replacement
                .append(batch)
                .thenCompose(done -> workshop.pace().spend(batch.sizeInBytes()))
                .thenApply(spent -> true);
    }

    private CompletionStage<Void> commit(Replacement replacement) {
        return replacement.commit().thenRun(() -> workshop.metrics().replaced(readSizeInBytes, writtenSizeInBytes));
    }

    private static CompletableFuture<Void> giveUp(Replacement replacement, @Nullable Throwable failure) {
        return replacement
                .abandon()
                .handle((abandoned, again) -> CompletableFuture.<Void>failedFuture(failure))
                .thenCompose(outcome -> outcome)
                .toCompletableFuture();
    }
}
