package io.brokkr.spi.storage.simple;

import io.brokkr.spi.storage.StorageException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Work with a store: one piece after the other, and what it means that one fails. */
final class StoreWork {

    private final BatchStore store;
    private final String place;
    private final Executor blocking;
    private final Runnable whenChangeFails;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    /**
     * Over a store.
     *
     * @param whenChangeFails called in the midst of the work whose change has failed
     */
    StoreWork(BatchStore store, String place, Executor blocking, Runnable whenChangeFails) {
        this.store = store;
        this.place = place;
        this.blocking = blocking;
        this.whenChangeFails = whenChangeFails;
    }

    /** A call that changes something. */
    interface Change {
        void apply(BatchStore store) throws Exception;
    }

    /** A call that changes nothing. */
    interface Question<T> {
        T ask(BatchStore store) throws Exception;
    }

    /** Does something after everything that was asked for before. */
    synchronized <T> CompletionStage<T> inOrder(Supplier<T> work) {
        CompletableFuture<T> next = last.handleAsync((before, failure) -> work.get(), blocking);
        last = next;
        return next;
    }

    /** Changes something; nobody knows what a change has left that failed, so that nothing counts which was not committed. */
    void change(Change change) {
        try {
            change.apply(store);
        } catch (Exception failure) {
            whenChangeFails.run();
            try {
                store.rollback();
            } catch (Exception worse) {
                failure.addSuppressed(worse);
            }
            throw told(failure);
        }
    }

    /** Asks for something. */
    <T> T ask(Question<T> question) {
        try {
            return question.ask(store);
        } catch (Exception failure) {
            throw told(failure);
        }
    }

    private StorageException told(Exception failure) {
        return failure instanceof StorageException known
                ? known
                : new StorageException("the store " + place + " failed: " + failure, failure);
    }
}
