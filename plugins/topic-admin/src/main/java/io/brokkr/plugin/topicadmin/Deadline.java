package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How long a client waits for the changes that it asks for. A change that takes longer goes on; the client is told that it did not see the end. */
final class Deadline {

    private final Scheduler scheduler;
    private final Duration timeout;

    private Deadline(Scheduler scheduler, Duration timeout) {
        this.scheduler = scheduler;
        this.timeout = timeout;
    }

    /**
     * The deadline of a request that begins now.
     *
     * @throws ApiException {@code REQUEST_TIMED_OUT}, if it has passed: Kafka then changes nothing
     */
    static Deadline ofMillis(int timeoutMillis, Scheduler scheduler) {
        if (timeoutMillis <= 0) {
            throw new ApiException(
                    ErrorCode.REQUEST_TIMED_OUT, "a timeout of " + timeoutMillis + " ms leaves no time for any change");
        }
        return new Deadline(scheduler, Duration.ofMillis(timeoutMillis));
    }

    /** Completes as the change does, or fails with {@code REQUEST_TIMED_OUT} if that takes too long. */
    <T> CompletionStage<T> await(CompletionStage<T> change) {
        CompletableFuture<T> awaited = new CompletableFuture<>();
        if (change.toCompletableFuture().isDone()) {
            return change;
        }
        Scheduler.Timer timer = scheduler.schedule(
                timeout,
                () -> awaited.completeExceptionally(new ApiException(
                        ErrorCode.REQUEST_TIMED_OUT,
                        "the change was not done within " + timeout.toMillis() + " ms; it goes on")));
        change.whenComplete((result, failure) -> {
            timer.cancel();
            if (failure == null) {
                awaited.complete(result);
            } else {
                awaited.completeExceptionally(failure);
            }
        });
        return awaited;
    }
}
