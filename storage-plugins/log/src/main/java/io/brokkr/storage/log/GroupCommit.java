package io.brokkr.storage.log;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Lets everybody who waits for a log to be synced share one access to the device. A round answers those who asked before it began; who asks during a
 * round is answered by the next one, since the device may not have seen what he means. Logs take turns in the executor's queue.
 */
final class GroupCommit {

    /** One access to the device. */
    interface Round {
        /** Makes durable what was appended before, or throws what the waiters are to be told. */
        void force();

        /** Called after each round whose waiters were answered, on the same thread. */
        void afterwards();
    }

    private final Executor executor;
    private final Round round;
    private @Nullable CompletableFuture<Void> next;
    private boolean running;

    GroupCommit(Executor executor, Round round) {
        this.executor = executor;
        this.round = round;
    }

    /** Asks for a round that begins after this call. */
    synchronized CompletionStage<Void> request() {
        CompletableFuture<Void> answer = next;
        if (answer == null) {
            answer = new CompletableFuture<>();
            next = answer;
        }
        if (!running) {
            running = true;
            executor.execute(this::run);
        }
        return answer.minimalCompletionStage();
    }

    private void run() {
        CompletableFuture<Void> answer = takeWaiters();
        try {
            round.force();
            answer.complete(null);
            round.afterwards();
        } catch (RuntimeException failure) {
            answer.completeExceptionally(failure);
        } finally {
            handOn();
        }
    }

    private synchronized CompletableFuture<Void> takeWaiters() {
        CompletableFuture<Void> answer = next == null ? new CompletableFuture<>() : next;
        next = null;
        return answer;
    }

    private synchronized void handOn() {
        if (next == null) {
            running = false;
        } else {
            executor.execute(this::run);
        }
    }
}
