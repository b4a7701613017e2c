package io.brokkr.storage.log;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lets everybody who waits for a log to be synced share one access to the device. A round answers those who asked before it began; who asks during a
 * round is answered by the next one, since the device may not have seen what he means. Logs take turns in the {@link SyncQueue}.
 */
final class GroupCommit {

    private final SyncQueue queue;
    private final SegmentedLog log;
    private @Nullable CompletableFuture<Void> next;
    private boolean running;

    GroupCommit(SyncQueue queue, SegmentedLog log) {
        this.queue = queue;
        this.log = log;
    }

    SegmentedLog log() {
        return log;
    }

    /** Asks for a round that begins after this call. */
    CompletionStage<Void> request() {
        CompletableFuture<Void> answer;
        boolean isFirst;
        synchronized (this) {
            answer = next == null ? new CompletableFuture<>() : next;
            next = answer;
            isFirst = !running;
            running = true;
        }
        if (isFirst) {
            queue.add(this);
        }
        return answer.minimalCompletionStage();
    }

    /** Begins a round, which is to be ended once. */
    synchronized Round begin() {
        CompletableFuture<Void> answer = next == null ? new CompletableFuture<>() : next;
        next = null;
        return new Round(answer);
    }

    private void handOn() {
        synchronized (this) {
            running = next != null;
            if (!running) {
                return;
            }
        }
        queue.add(this);
    }

    /** One access to the device, for those who asked before it began. */
    final class Round {

        private final CompletableFuture<Void> answer;

        Round(CompletableFuture<Void> answer) {
            this.answer = answer;
        }

        SegmentedLog log() {
            return log;
        }

        /** For this log alone. */
        void force() {
            try {
                log.force();
                answer.complete(null);
                log.afterwards();
            } catch (RuntimeException failure) {
                answer.completeExceptionally(failure);
            } finally {
                handOn();
            }
        }

        /** What they wait for is on the device. */
        void end() {
            try {
                answer.complete(null);
            } finally {
                handOn();
            }
        }
    }
}
