package io.brokkr.plugin.topicadmin;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Works on the items of a request side by side. */
final class Stages {

    private Stages() {}

    /** Starts work on every item, and completes with the results in the order of the items. */
    static <T, R> CompletionStage<List<R>> mapAll(List<T> items, Function<T, CompletionStage<R>> work) {
        List<CompletableFuture<R>> stages = new ArrayList<>(items.size());
        items.forEach(item -> stages.add(work.apply(item).toCompletableFuture()));
        return CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new))
                .thenApply(all -> stages.stream().map(CompletableFuture::join).toList());
    }

    /** The work's stage; if the work throws before there is one, a stage that failed with what it threw. */
    static <T> CompletionStage<T> attempt(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }
}
