package io.brokkr.storage.tiered;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Lets the changes of a log take effect in the order of the calls, though some consist of several steps. Thread-safe; a change must not wait for another one.
 *
 * <p>As a rule a change begins on the calling thread, with the monitor, so that no two begin at once; what comes behind one that stands alone begins when that is complete.
 */
final class ChangeQueue {

    /** Complete when the next change may begin; under the monitor. */
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    /** A change that the next one may follow as soon as it has begun. */
    <T> CompletionStage<T> pass(Supplier<CompletionStage<T>> change) {
        return run(change, false);
    }

    /** A change that the next one waits for. */
    <T> CompletionStage<T> alone(Supplier<CompletionStage<T>> change) {
        return run(change, true);
    }

    private synchronized <T> CompletionStage<T> run(Supplier<CompletionStage<T>> change, boolean alone) {
        if (last.isDone()) {
            CompletionStage<T> begun = Stages.begin(change);
            if (alone) {
                last = begun.toCompletableFuture();
            }
            return begun;
        }
        CompletableFuture<T> waiting = last.handle((done, failure) -> null).thenCompose(done -> Stages.begin(change));
        last = waiting;
        return waiting;
    }

    /** Complete when nothing that was called before waits any more. */
    synchronized CompletionStage<Void> settled() {
        return last.isDone() ? Stages.DONE : last.handle((done, failure) -> null);
    }
}
