package io.brokkr.plugin.topicadmin;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on one topic one after the other, in the order of the calls, so that what a piece of work reads is still so when it writes; work on different topics
 * runs side by side. A topic without work takes no memory. Thread-safe.
 */
final class TopicQueues {

    /** The work that waits, by topic; there is an entry, be it empty, as long as work on the topic runs. */
    private final Map<String, Queue<Work<?>>> waiting = new ConcurrentHashMap<>();

    private record Work<T>(Supplier<CompletionStage<T>> start, CompletableFuture<T> end) {

        /** Starts; the stage never fails, and completes after {@link #end} did. */
        CompletionStage<?> run() {
            return Stages.attempt(start)
                    .handle((result, failure) ->
                            failure == null ? end.complete(result) : end.completeExceptionally(failure));
        }
    }

    /** Starts work when all work on the topic that was given before is done, and completes as it does. */
    <T> CompletionStage<T> run(String topic, Supplier<CompletionStage<T>> start) {
        Work<T> work = new Work<>(start, new CompletableFuture<>());
        if (isFirst(topic, work)) {
            runAll(topic, work);
        }
        return work.end();
    }

    private boolean isFirst(String topic, Work<?> work) {
        Queue<Work<?>> fresh = new ArrayDeque<>();
        return fresh
                == waiting.compute(topic, (name, queue) -> {
                    if (queue == null) {
                        return fresh;
                    }
                    queue.add(work);
                    return queue;
                });
    }

    /** A loop as long as work ends at once: a call from the end of one to the start of the next would exhaust the stack. */
    private void runAll(String topic, @Nullable Work<?> first) {
        for (Work<?> work = first; work != null; work = next(topic)) {
            CompletionStage<?> running = work.run();
            if (!running.toCompletableFuture().isDone()) {
                running.thenRun(() -> runAll(topic, next(topic)));
                return;
            }
        }
    }

    private @Nullable Work<?> next(String topic) {
        Work<?>[] next = new Work<?>[1];
        waiting.computeIfPresent(topic, (name, queue) -> {
            next[0] = queue.poll();
            return next[0] == null ? null : queue;
        });
        return next[0];
    }
}
