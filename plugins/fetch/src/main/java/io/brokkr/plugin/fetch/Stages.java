package io.brokkr.plugin.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Works on the items of a request side by side. */
final class Stages {

    private Stages() {}

    /** Starts work on every item, and completes with the outcomes in the order of the items. */
    static <T, R> CompletionStage<List<R>> mapAll(List<T> items, Function<T, CompletionStage<R>> work) {
        List<CompletableFuture<R>> stages = new ArrayList<>(items.size());
        items.forEach(item -> stages.add(work.apply(item).toCompletableFuture()));
        return CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new))
                .thenApply(all -> stages.stream().map(CompletableFuture::join).toList());
    }
}
