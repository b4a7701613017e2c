package io.brokkr.example.passwordfile;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One thread that hashes passwords, while there are any. Anybody can send passwords and each takes its time, so none of the broker's own threads may wait for it, and who comes when too many wait already is refused at
 * once.
 */
final class HashingThread {

    private static final int LONGEST_QUEUE = 100;
    private static final Duration REST = Duration.ofSeconds(10);

    private final ThreadPoolExecutor thread;

    HashingThread() {
        thread = new ThreadPoolExecutor(
                1, 1, REST.toMillis(), TimeUnit.MILLISECONDS, new ArrayBlockingQueue<>(LONGEST_QUEUE), work -> {
                    Thread made = new Thread(work, "password-file");
                    made.setDaemon(true);
                    return made;
                });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Fails at once if too many wait. */
    <T> CompletionStage<T> submit(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, thread);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedStage(new ApiException(
                    ErrorCode.SASL_AUTHENTICATION_FAILED, "Too many clients authenticate at the same time; try again"));
        }
    }

    void close() {
        thread.shutdownNow();
    }
}
