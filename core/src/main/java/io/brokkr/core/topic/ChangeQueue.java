package io.brokkr.core.topic;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the changes of one key one after the other, and those of different keys side by side. Thread-safe. */
final class ChangeQueue {

    private final ConcurrentHashMap<String, CompletableFuture<?>> last = new ConcurrentHashMap<>();

    /**
     * Begins a change when the one before it has ended, well or not.
     *
     * @return ends as the change does, also if it throws
     */
    <T> CompletionStage<T> run(String key, Supplier<CompletionStage<T>> change) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        CompletionStage<?> before = last.put(key, outcome);
        if (before == null) {
            begin(key, change, outcome);
        } else {
            before.whenComplete((done, failed) -> begin(key, change, outcome));
        }
        return outcome;
    }

    private <T> void begin(String key, Supplier<CompletionStage<T>> change, CompletableFuture<T> outcome) {
        try {
            change.get().whenComplete((result, failure) -> end(key, outcome, result, failure));
        } catch (RuntimeException failure) {
            end(key, outcome, null, failure);
        }
    }

    private <T> void end(String key, CompletableFuture<T> outcome, @Nullable T result, @Nullable Throwable failure) {
        last.remove(key, outcome);
        if (failure == null) {
            outcome.complete(result);
        } else {
            outcome.completeExceptionally(failure);
        }
    }
}
