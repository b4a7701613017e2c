package io.brokkr.storage.tiered;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What is asked of stages again and again. */
final class Stages {

    static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private Stages() {}

    /** What is thrown fails the stage. */
    static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException thrown) {
            return CompletableFuture.failedStage(thrown);
        }
    }

    /** Complete when both are, well or not: with the first failure, then. */
    static CompletionStage<Void> both(CompletionStage<Void> one, CompletionStage<Void> other) {
        return one.thenCombine(other, (first, second) -> null);
    }

    /** The failure itself, without what the stages behind it have put around it. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause(cause) : failure;
    }
}
