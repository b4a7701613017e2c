package io.brokkr.storage.log;

import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** All background work of an engine on the test's own thread, when the test says so: what a seed decides, happens again. */
final class QueuedTasks implements Scheduler, Executor {

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private final List<Runnable> repeated = new ArrayList<>();

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
    }

    /** Does what has waited longest; false if nothing waits. */
    boolean runNext() {
        Runnable next = waiting.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    /** Does what has waited for the shortest time. */
    void runNewest() {
        waiting.removeLast().run();
    }

    /** Does all that waits. */
    void runAll() {
        while (runNext()) {
            // Until nothing is left.
        }
    }

    /** Does what waits until a stage is complete, and throws what that failed with. */
    <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        while (!future.isDone()) {
            if (!runNext()) {
                throw new AssertionError("nobody is at work, and a stage is not complete");
            }
        }
        try {
            return future.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return () -> {};
    }

    @Override
    public Timer repeat(Duration period, Runnable task) {
        repeated.add(task);
        return () -> repeated.remove(task);
    }

    /** Does once what is to be done again and again. */
    void repeatOnce() {
        List.copyOf(repeated).forEach(Runnable::run);
    }

    @Override
    public Executor blocking() {
        return this;
    }
}
