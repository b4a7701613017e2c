package io.brokkr.core.partition;

import io.brokkr.spi.ApiException;
import java.util.ArrayDeque;
import java.util.Deque;
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

    /** What the users of an open partition share, so that finding it allocates nothing; null until all who waited for the opening were told. */
    private volatile @Nullable CompletableFuture<PartitionLeader> shared;

    /** The opening, from its beginning on, unless it failed. */
    private volatile @Nullable CompletableFuture<PartitionLeader> opened;

    /**
     * Those who wait for the opening, in the order of their calls. They are told one after the other, and not by one future for all, which would tell the last one
     * first: pipelined requests of a producer must not be turned round.
     */
    private final Deque<CompletableFuture<PartitionLeader>> waiting = new ArrayDeque<>();

    private CompletionStage<Void> visited = Stages.DONE;
    private boolean visiting;
    /** Why the partition must not be opened any more, null while it may. */
    private @Nullable ApiException gone;
    /** Epoch milliseconds; retention has nothing to do before. */
    private volatile long nextLook = Long.MIN_VALUE;

    /** The partition if it is open and nobody waits for it any more, null otherwise. */
    @Nullable
    CompletableFuture<PartitionLeader> shared() {
        return shared;
    }

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
        CompletableFuture<PartitionLeader> waiter = new CompletableFuture<>();
        CompletableFuture<PartitionLeader> begun = new CompletableFuture<>();
        synchronized (this) {
            if (shared != null) {
                return shared;
            }
            if (gone != null) {
                return CompletableFuture.failedFuture(gone);
            }
            waiting.add(waiter);
            if (opened != null) {
                return waiter;
            }
            opened = begun;
        }
        visits().thenCompose(done -> opening.get()).whenComplete((leader, failure) -> {
            if (failure == null) {
                begun.complete(leader);
            } else {
                begun.completeExceptionally(failure);
            }
            tellAll(begun);
        });
        return waiter;
    }

    /** Who comes meanwhile stands at the end of the line. */
    @SuppressWarnings("FutureReturnValueIgnored") // What the waiter does with it is its own.
    private void tellAll(CompletableFuture<PartitionLeader> ended) {
        for (CompletableFuture<PartitionLeader> next = nextWaiting(ended); next != null; next = nextWaiting(ended)) {
            CompletableFuture<PartitionLeader> waiter = next;
            ended.whenComplete((leader, failure) -> {
                if (failure == null) {
                    waiter.complete(leader);
                } else {
                    waiter.completeExceptionally(failure);
                }
            });
        }
    }

    private synchronized @Nullable CompletableFuture<PartitionLeader> nextWaiting(
            CompletableFuture<PartitionLeader> ended) {
        CompletableFuture<PartitionLeader> next = waiting.poll();
        if (next == null) {
            boolean failed = ended.isCompletedExceptionally();
            opened = failed ? null : ended;
            shared = failed ? null : ended;
        }
        return next;
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
