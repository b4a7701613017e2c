package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Makes durable which folders there are in a data folder, with one access to the device for all who wait for it: a round answers those who asked before it began. Thread-safe.
 */
final class FolderCommit {

    private final FileOperations files;
    private final Executor threads;

    /** Those of the next round, by the folder that they changed; under the monitor. */
    private Map<Path, CompletableFuture<Void>> next = new HashMap<>();

    private boolean running;

    /** With threads that may wait for the device, one at a time. */
    FolderCommit(FileOperations files, Executor threads) {
        this.files = files;
        this.threads = threads;
    }

    /**
     * Asks for a round that begins after this call.
     *
     * @param folder the data folder, or one in it, in which something has another name now
     * @return fails with {@link StorageException} if the device does
     */
    CompletionStage<Void> request(Path folder) {
        CompletableFuture<Void> answer;
        boolean isFirst;
        synchronized (this) {
            answer = next.computeIfAbsent(folder, any -> new CompletableFuture<>());
            isFirst = !running;
            running = true;
        }
        if (isFirst) {
            begin();
        }
        return answer.minimalCompletionStage();
    }

    /** Fails all who wait if the threads have ended. */
    private void begin() {
        try {
            threads.execute(this::runRound);
        } catch (RejectedExecutionException ended) {
            takeRound()
                    .values()
                    .forEach(answer -> answer.completeExceptionally(
                            new StorageException("the engine is closed, and nothing can be deleted", ended)));
            handOn();
        }
    }

    private synchronized Map<Path, CompletableFuture<Void>> takeRound() {
        Map<Path, CompletableFuture<Void>> round = next;
        next = new HashMap<>();
        return round;
    }

    private void runRound() {
        try {
            takeRound().forEach(this::force);
        } finally {
            handOn();
        }
    }

    private void force(Path folder, CompletableFuture<Void> answer) {
        try {
            AtomicFile.forceFolder(files, folder);
            answer.complete(null);
        } catch (IOException | RuntimeException | Error failure) {
            answer.completeExceptionally(
                    new StorageException("the folder " + folder + " could not be synced: " + failure, failure));
        }
    }

    private void handOn() {
        synchronized (this) {
            running = !next.isEmpty();
            if (!running) {
                return;
            }
        }
        begin();
    }
}
