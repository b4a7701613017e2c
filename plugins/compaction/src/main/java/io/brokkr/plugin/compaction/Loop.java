package io.brokkr.plugin.compaction;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes asynchronous steps one after the other, without a thread of its own while it waits. */
final class Loop {

    static final CompletionStage<Boolean> GO_ON = CompletableFuture.completedStage(true);
    static final CompletionStage<Boolean> END = CompletableFuture.completedStage(false);

    private final Supplier<CompletionStage<Boolean>> step;
    private final Executor executor;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private Loop(Supplier<CompletionStage<Boolean>> step, Executor executor) {
        this.step = step;
        this.executor = executor;
    }

    /**
     * Takes steps until one says that there are no more.
     *
     * @param step says whether there is more
     * @param executor where it goes on after a step that did not end at once; the first step begins on the calling thread
     */
    static CompletionStage<Void> run(Supplier<CompletionStage<Boolean>> step, Executor executor) {
        Loop loop = new Loop(step, executor);
        loop.drive();
        return loop.end;
    }

    private void drive() {
        while (!end.isDone()) {
            // Whoever comes second, the end of the step or the return of the call that began it, goes on: many inline
            // ends build no stack.
            AtomicBoolean first = new AtomicBoolean(true);
            begin().whenComplete((more, failure) -> {
                settle(more, failure);
                if (!first.getAndSet(false) && !end.isDone()) {
                    executor.execute(this::drive);
                }
            });
            if (first.getAndSet(false)) {
                return;
            }
        }
    }

    private CompletionStage<Boolean> begin() {
        try {
            return step.get();
        } catch (RuntimeException thrown) {
            return CompletableFuture.failedStage(thrown);
        }
    }

    private void settle(@Nullable Boolean more, @Nullable Throwable failure) {
        if (failure != null) {
            end.completeExceptionally(failure);
        } else if (!Boolean.TRUE.equals(more)) {
            end.complete(null);
        }
    }
}
