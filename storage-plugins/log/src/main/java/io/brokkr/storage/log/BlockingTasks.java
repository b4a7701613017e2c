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

    private final Executor executor;

    BlockingTasks(Executor executor) {
        this.executor = executor;
    }

    /**
     * Runs a task on another thread.
     *
     * @param what completes the sentence «cannot …» if the task fails with an {@link IOException}
     */
    <T> CompletionStage<T> submit(String what, Task<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        executor.execute(() -> complete(result, what, task));
        return result;
    }

    private static <T> void complete(CompletableFuture<T> result, String what, Task<T> task) {
        try {
            result.complete(task.run());
        } catch (IOException | UncheckedIOException failure) {
            result.completeExceptionally(new StorageException("cannot " + what + ": " + failure, failure));
        } catch (RuntimeException | Error failure) {
            result.completeExceptionally(failure);
        }
    }

    /** Tasks that run one after the other in the order of their submission, for one log. */
    static final class Queued {

        private final BlockingTasks tasks;
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private boolean running;

        Queued(BlockingTasks tasks) {
            this.tasks = tasks;
        }

        /** As {@link BlockingTasks#submit}. */
        <T> CompletionStage<T> submit(String what, Task<T> task) {
            CompletableFuture<T> result = new CompletableFuture<>();
            synchronized (this) {
                waiting.add(() -> complete(result, what, task));
                if (!running) {
                    running = true;
                    tasks.executor.execute(this::runNext);
                }
            }
            return result;
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
