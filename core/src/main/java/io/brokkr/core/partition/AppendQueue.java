package io.brokkr.core.partition;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends of one partition that are not made at once, but on threads for work that takes long, one after the other in the order of their coming. As long as there is one
 * of them, all others stand behind it. Thread-safe.
 */
final class AppendQueue {

    private final Executor executor;
    /** Ends when the last append has been made; null if there is none. Written with the lock of this. */
    private volatile @Nullable CompletableFuture<?> last;

    AppendQueue(Executor executor) {
        this.executor = executor;
    }

    boolean isEmpty() {
        return last == null;
    }

    /** Makes an append when those before it are made. They need not be complete: what counts is that the engine gets them in this order. */
    <T> CompletionStage<T> add(Supplier<CompletionStage<T>> append) {
        CompletableFuture<CompletionStage<T>> made;
        synchronized (this) {
            CompletableFuture<?> before = last;
            made = before == null
                    ? CompletableFuture.supplyAsync(() -> Stages.begin(append), executor)
                    : before.handleAsync((done, failed) -> Stages.begin(append), executor);
            last = made;
        }
        return made.whenComplete((done, failed) -> remove(made)).thenCompose(stage -> stage);
    }

    private synchronized void remove(CompletableFuture<?> made) {
        if (last == made) {
            last = null;
        }
    }
}
