package io.brokkr.core.partition;

import io.brokkr.spi.ApiException;
import io.brokkr.spi.storage.StorageException;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the partitions do with stages again and again. */
final class Stages {

    static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private Stages() {}

    /** Whether the stage completed well already, so that no callback is needed. */
    static boolean isDone(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        return future.isDone() && !future.isCompletedExceptionally();
    }

    /** Calls somebody who should give a stage and might throw. */
    static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    /** The failure with an error code in a chain of causes; anything else is the storage's. */
    static ApiException apiException(@Nullable Throwable failure) {
        ApiException known = ApiException.in(failure);
        return known != null ? known : new StorageException("the storage engine failed", failure);
    }

    /**
     * Does something for each of many, a few at a time, without a thread of its own.
     *
     * @param atOnce the most stages under way at the same time
     * @return complete when all stages are; fails with one of their failures then
     */
    static <T> CompletionStage<Void> forEach(Iterator<T> items, int atOnce, Function<T, CompletionStage<Void>> action) {
        return new Lanes<>(items, atOnce, action).run();
    }

    /** Whoever comes second, the end of a stage or the return of the call that began it, goes on: so many inline ends build no stack. */
    private static final class Turn extends AtomicBoolean {

        private static final long serialVersionUID = 1L;

        boolean isSecond() {
            return !compareAndSet(false, true);
        }
    }

    private static final class Lanes<T> {

        private final Iterator<T> items;
        private final Function<T, CompletionStage<Void>> action;
        private final AtomicInteger running;
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private volatile @Nullable Throwable failure;

        Lanes(Iterator<T> items, int atOnce, Function<T, CompletionStage<Void>> action) {
            this.items = items;
            this.action = action;
            this.running = new AtomicInteger(atOnce);
        }

        CompletionStage<Void> run() {
            for (int lanes = running.get(); lanes > 0; lanes--) {
                drive();
            }
            return end;
        }

        private void drive() {
            for (T item = next(); item != null; item = next()) {
                Turn turn = new Turn();
                apply(item).whenComplete((done, failed) -> {
                    remember(failed);
                    if (turn.isSecond()) {
                        drive();
                    }
                });
                if (!turn.isSecond()) {
                    return;
                }
            }
            if (running.decrementAndGet() == 0) {
                Throwable failed = failure;
                if (failed == null) {
                    end.complete(null);
                } else {
                    end.completeExceptionally(failed);
                }
            }
        }

        private CompletionStage<Void> apply(T item) {
            return begin(() -> action.apply(item));
        }

        private void remember(@Nullable Throwable failed) {
            if (failed != null) {
                failure = failed;
            }
        }

        private synchronized @Nullable T next() {
            return items.hasNext() ? items.next() : null;
        }
    }
}
