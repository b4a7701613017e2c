package io.brokkr.storage.s3;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Who waits for the store to have a log up to an offset. Guarded by the monitor of {@link S3Log}; they are told without it. */
final class SyncWaiters {

    private final Queue<Waiter> waiting = new ArrayDeque<>();

    private record Waiter(long endOffset, CompletableFuture<Void> told) {}

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    CompletableFuture<Void> add(long endOffset) {
        CompletableFuture<Void> told = new CompletableFuture<>();
        waiting.add(new Waiter(endOffset, told));
        return told;
    }

    /** In the order in which they came, as long as they wait for no more than this. */
    List<CompletableFuture<Void>> takeUpTo(long endOffset) {
        List<CompletableFuture<Void>> taken = new ArrayList<>();
        for (Waiter next = waiting.peek(); next != null && next.endOffset <= endOffset; next = waiting.peek()) {
            taken.add(waiting.remove().told);
        }
        return taken;
    }

    List<CompletableFuture<Void>> takeAll() {
        return takeUpTo(Long.MAX_VALUE);
    }
}
