package io.brokkr.storage.s3;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that wait for the store. They are not the broker's threads for blocking work, of which there are few, since a request takes many milliseconds; they end when there is nothing
 * to do.
 */
final class S3Threads implements Executor, AutoCloseable {

    private static final long IDLE_SECONDS = 5;

    private final AtomicInteger started = new AtomicInteger();
    private final String name;
    private final Duration limit;
    private final ThreadPoolExecutor threads;

    /**
     * Starts none yet.
     *
     * @param limit how long {@link #close} waits
     */
    S3Threads(String name, int most, Duration limit) {
        this.name = name;
        this.limit = limit;
        threads = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                this::newThread,
                // Behind the end, to tell the last callers that it is the end.
                (task, ended) -> task.run());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Nothing of it may belong to whoever appends when it starts: that may be a plugin that is to go. */
    @SuppressWarnings("removal")
    private Thread newThread(Runnable work) {
        Thread thread = AccessController.doPrivileged(
                (PrivilegedAction<Thread>) () -> new Thread(work, name + "-" + started.incrementAndGet()));
        thread.setContextClassLoader(S3Threads.class.getClassLoader());
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Lets what is queued run, and waits for it. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
