package io.brokkr.testkit.storage;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for stages, as a test does and a broker must not. */
public final class Stages {

    /** No stage of a storage takes this long, on the slowest machine. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    private Stages() {}

    /**
     * The result of a stage.
     *
     * @throws RuntimeException what the stage failed with, if that is unchecked
     * @throws AssertionError if it is checked, or the stage is not complete in time
     */
    public static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            throw unwrap(failure.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("a stage was not complete after " + LIMIT, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    private static RuntimeException unwrap(Throwable cause) {
        if (cause instanceof CompletionException && cause.getCause() != null) {
            return unwrap(cause.getCause());
        }
        if (cause instanceof RuntimeException unchecked) {
            return unchecked;
        }
        throw new AssertionError("a stage failed with a checked exception or an error", cause);
    }
}
