package io.brokkr.core.schedule;

import io.brokkr.spi.Scheduler;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheduler of a running broker. Thread-safe. */
public final class ThreadScheduler implements Scheduler {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadScheduler.class);
    private static final Duration IDLE_THREAD_LIFE = Duration.ofSeconds(5);

    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor blocking;

    /**
     * Starts no thread yet.
     *
     * @param blockingThreads the most threads for work that blocks
     */
    public ThreadScheduler(int blockingThreads) {
        timer = new ScheduledThreadPoolExecutor(1, new NamedThreads("brokkr-timer"));
        // A fetch that is answered early leaves no garbage in the queue until its time would have come.
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        blocking = new ThreadPoolExecutor(
                blockingThreads,
                blockingThreads,
                IDLE_THREAD_LIFE.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                new NamedThreads("brokkr-blocking"));
        blocking.allowCoreThreadTimeOut(true);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return timerOf(timer.schedule(logged(task), delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public Timer repeat(Duration period, Runnable task) {
        long nanos = period.toNanos();
        return timerOf(timer.scheduleWithFixedDelay(logged(task), nanos, nanos, TimeUnit.NANOSECONDS));
    }

    @Override
    public Executor blocking() {
        return blocking;
    }

    /** Lets the work under way finish, but not longer than a time limit; what is queued or timed is dropped after that. */
    public void close(Duration limit) {
        timer.shutdownNow();
        blocking.shutdown();
        try {
            if (!blocking.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("background work did not end within {} ms and is abandoned", limit.toMillis());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        blocking.shutdownNow();
    }

    private static Timer timerOf(Future<?> future) {
        return () -> future.cancel(false);
    }

    /** A future keeps the exception of its task to itself, and a repeated task would end with it. */
    private static Runnable logged(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable failure) {
                LOG.error("a timed task failed", failure);
            }
        };
    }

    /** Daemons, because the broker's life is held by whoever started it, and an embedded broker must not hold up the end of its host. */
    private static final class NamedThreads implements ThreadFactory {

        private final String name;
        private final AtomicInteger started = new AtomicInteger();

        NamedThreads(String name) {
            this.name = name;
        }

        @Override
        @SuppressWarnings("removal")
        public Thread newThread(Runnable work) {
            // A thread keeps a note of whose code was under way when it was made, and would keep the classes of a
            // plugin that is gone, if it were not for this call.
            Thread thread = AccessController.doPrivileged(
                    (PrivilegedAction<Thread>) () -> new Thread(work, name + "-" + started.incrementAndGet()));
            thread.setDaemon(true);
            // Else it would be the one of the plugin that happened to cause the start.
            thread.setContextClassLoader(ThreadScheduler.class.getClassLoader());
            thread.setUncaughtExceptionHandler((failed, failure) -> LOG.error("background work failed", failure));
            return thread;
        }
    }
}
