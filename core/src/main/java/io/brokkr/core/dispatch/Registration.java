package io.brokkr.core.dispatch;

import io.brokkr.spi.Response;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one owner registered, and how many of its requests are under way. Thread-safe.
 *
 * <p>Two adders instead of one counter, so that the event loops do not fight over a cache line at every request. A request is
 * counted as begun <em>before</em> it looks whether the owner has gone, and the owner is marked as gone <em>before</em> the sums
 * are compared, so one of the two sees the other.
 */
final class Registration {

    private final String owner;
    private final LongAdder begun = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean withdrawn;

    Registration(String owner) {
        this.owner = owner;
    }

    String owner() {
        return owner;
    }

    /** Calls into a plugin, with its class loader as the thread's own. */
    static <T extends @Nullable Object> T inPlugin(ClassLoader classLoader, Supplier<T> call) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        if (before == classLoader) {
            return call.get();
        }
        thread.setContextClassLoader(classLoader);
        try {
            return call.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Calls into a plugin for a response; what it throws fails the stage. */
    static CompletionStage<Response> responseOf(
            ClassLoader classLoader, Supplier<@Nullable CompletionStage<Response>> call) {
        try {
            CompletionStage<Response> stage = inPlugin(classLoader, call);
            return Objects.requireNonNull(stage, "there is no stage");
        } catch (Throwable failure) {
            // Errors too: a plugin that misses a class must cost its own requests, not the connection.
            return CompletableFuture.failedStage(failure);
        }
    }

    /** Counts a request in; false if the owner has gone, and then the request must be counted out and not reach it. */
    boolean begin() {
        begun.increment();
        return !withdrawn;
    }

    /** Counts a request out. */
    void end() {
        ended.increment();
        if (withdrawn) {
            completeIfDrained();
        }
    }

    /** Lets no further request in; complete when the last one that is under way has ended. */
    CompletionStage<Void> withdraw() {
        withdrawn = true;
        completeIfDrained();
        return drained.minimalCompletionStage();
    }

    private void completeIfDrained() {
        // In this order: ended never runs ahead of begun, so equal sums mean that nothing was under way in between.
        long endedSoFar = ended.sum();
        if (endedSoFar == begun.sum()) {
            drained.complete(null);
        }
    }
}
