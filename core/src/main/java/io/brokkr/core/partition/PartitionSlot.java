package io.brokkr.core.partition;

import io.brokkr.spi.ApiException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place of a partition that was touched since the start: not open, being opened, open, or just being looked at by retention. Thread-safe.
 *
 * <p>A log is opened by one at a time: who comes while retention looks at it waits, and who comes while it is being opened shares the opening.
 */
final class PartitionSlot {

    /** What the users of an open partition share, so that finding it allocates nothing. */
    private volatile @Nullable CompletableFuture<PartitionLeader> opened;

    private CompletionStage<Void> visited = Stages.DONE;
    private boolean visiting;
    /** Why the partition must not be opened any more, null while it may. */
    private @Nullable ApiException gone;
    /** Epoch milliseconds; retention has nothing to do before. */
    private volatile long nextLook = Long.MIN_VALUE;

    /** The partition if it is open or being opened, null otherwise. */
    @Nullable
    CompletableFuture<PartitionLeader> opened() {
        return opened;
    }

    /** The partition if it is open, null otherwise. */
    @Nullable
    PartitionLeader leader() {
        CompletableFuture<PartitionLeader> known = opened;
        return known != null && known.isDone() && !known.isCompletedExceptionally() ? known.join() : null;
    }

    /** Opens the partition, unless somebody has begun to. One that could not be opened is tried again by the next call. */
    CompletableFuture<PartitionLeader> open(Supplier<CompletionStage<PartitionLeader>> opening) {
        CompletableFuture<PartitionLeader> begun;
        synchronized (this) {
            CompletableFuture<PartitionLeader> known = opened;
            if (known != null) {
                return known;
            }
            if (gone != null) {
                return CompletableFuture.failedFuture(gone);
            }
            begun = new CompletableFuture<>();
            opened = begun;
        }
        visits().thenCompose(done -> opening.get()).whenComplete((leader, failure) -> {
            if (failure == null) {
                begun.complete(leader);
            } else {
                opened = null;
                begun.completeExceptionally(failure);
            }
        });
        return begun;
    }

    private synchronized CompletionStage<Void> visits() {
        return visited;
    }

    /**
     * Lets retention look at the log while the partition is not open; does nothing if it is, or the time has not come.
     *
     * @param look gives the time of the next look
     * @return whether there was a look
     */
    CompletionStage<Boolean> visit(long now, Supplier<CompletionStage<Long>> look) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        synchronized (this) {
            if (opened != null || visiting || gone != null || now < nextLook) {
                return CompletableFuture.completedFuture(false);
            }
            visiting = true;
            visited = end;
        }
        return Stages.begin(look)
                .whenComplete((next, failure) -> {
                    if (failure == null) {
                        nextLook = next;
                    }
                    synchronized (this) {
                        visiting = false;
                    }
                    end.complete(null);
                })
                .thenApply(next -> true);
    }

    /** The settings changed: when retention has to look again is not known any more. */
    void forgetNextLook() {
        nextLook = Long.MIN_VALUE;
    }

    /**
     * The partition is deleted.
     *
     * @return complete when nobody here has the log open or opens it
     */
    CompletionStage<Void> delete(ApiException reason) {
        CompletableFuture<PartitionLeader> known = refuse(reason);
        CompletionStage<Void> unused = known == null
                ? Stages.DONE
                : known.handle((leader, failure) -> leader == null ? Stages.DONE : leader.delete(reason))
                        .thenCompose(end -> end);
        return unused.thenCompose(done -> visits());
    }

    /** The partition is closed if it is open, and not opened again. */
    CompletionStage<Void> close(ApiException reason) {
        CompletableFuture<PartitionLeader> known = refuse(reason);
        return known == null ? visits() : known.thenCompose(leader -> leader.close(reason));
    }

    private synchronized @Nullable CompletableFuture<PartitionLeader> refuse(ApiException reason) {
        gone = reason;
        return opened;
    }
}
