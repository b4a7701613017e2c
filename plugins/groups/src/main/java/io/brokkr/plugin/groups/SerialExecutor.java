package io.brokkr.plugin.groups;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after the other in the order of their arrival, without a thread of its own: whoever brings a task while none runs, runs it and those
 * that arrive meanwhile. Nobody waits for a lock. What one task did, the next one sees.
 */
final class SerialExecutor implements Executor {

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unfinished = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (unfinished.getAndIncrement() == 0) {
            runAll();
        }
    }

    /** A task that throws does not stop those behind it; what the first one threw comes out at the end. */
    private void runAll() {
        Throwable failure = null;
        do {
            try {
                tasks.remove().run();
            } catch (RuntimeException | Error thrown) {
                failure = failure == null ? thrown : failure;
            }
        } while (unfinished.decrementAndGet() > 0);
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }
}
