package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Runs work that waits for the device on threads that may, and turns what it throws into what callers are promised. */
final class BlockingTasks {

    /** Work with a result. */
    @FunctionalInterface
    interface Task<T> {
        T run() throws IOException;
    }

    /** Set while the thread runs a task. */
    private static final ThreadLocal<Boolean> WITHIN_TASK = new ThreadLocal<>();

    private final Executor executor;

    BlockingTasks(Executor executor) {
        this.executor = executor;
    }

    /**
     * Runs a task on a thread that may block: the caller's own if it is one, which is the case if he was told of the end of another task and goes on with the
     * next, as a fetch does from partition to partition.
     *
     * @param what completes the sentence «cannot …» if the task fails with an {@link IOException}
     */
    <T> CompletionStage<T> submit(String what, Task<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (WITHIN_TASK.get() == null) {
            executor.execute(() -> complete(result, what, task));
        } else {
            run(result, what, task);
        }
        return result;
    }

    private static <T> void complete(CompletableFuture<T> result, String what, Task<T> task) {
        WITHIN_TASK.set(Boolean.TRUE);
        try {
            run(result, what, task);
        } finally {
            // The threads outlive the plugin, whose class loader nothing of theirs may hold.
            WITHIN_TASK.remove();
        }
    }

    private static <T> void run(CompletableFuture<T> result, String what, Task<T> task) {
        try {
            result.complete(task.run());
        } catch (IOException | UncheckedIOException failure) {
            result.completeExceptionally(new StorageException("cannot " + what + ": " + failure, failure));
        } catch (RuntimeException | Error failure) {
            result.completeExceptionally(failure);
        }
    }

    /** Tasks that run one after the other in the order of their submission. */
    static final class Queued implements Executor {

        private final BlockingTasks tasks;
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private boolean running;

        Queued(BlockingTasks tasks) {
            this.tasks = tasks;
        }

        /** As {@link BlockingTasks#submit}. */
        <T> CompletionStage<T> submit(String what, Task<T> task) {
            CompletableFuture<T> result = new CompletableFuture<>();
            execute(() -> complete(result, what, task));
            return result;
        }

        /** Runs a task that throws nothing. */
        @Override
        public synchronized void execute(Runnable task) {
            waiting.add(task);
            if (!running) {
                running = true;
                tasks.executor.execute(this::runNext);
            }
        }

        private void runNext() {
            Runnable next;
            synchronized (this) {
                next = waiting.remove();
            }
            next.run();
            synchronized (this) {
                running = !waiting.isEmpty();
                if (running) {
                    tasks.executor.execute(this::runNext);
                }
            }
        }
    }
}
