package io.brokkr.storage.log;

import java.nio.file.Path;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that wait for the device of one data folder. They are not the broker's threads for blocking work, since an acknowledgement must not queue behind the opening of
 * a log; they end when nothing is synced.
 */
final class SyncThreads implements Executor, AutoCloseable {

    /**
     * A file system brings to the device together what several threads ask it for. With 100 busy logs on ext4, 1 thread made some 500 syncs a second, 4
     * made 5,000, 8 made 8,500, and 16 no more than that.
     */
    static final int MOST_THREADS = 8;

    private static final long IDLE_SECONDS = 5;

    private final AtomicInteger started = new AtomicInteger();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            MOST_THREADS,
            MOST_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            this::newThread,
            // Behind the end, to tell the last waiters how it ended.
            (task, ended) -> task.run());

    SyncThreads() {
        threads.allowCoreThreadTimeOut(true);
    }

    /** Nothing of it may belong to whoever appends when it starts: that may be a plugin that is to go. */
    @SuppressWarnings("removal")
    private Thread newThread(Runnable work) {
        Thread thread = AccessController.doPrivileged(
                (PrivilegedAction<Thread>) () -> new Thread(work, "brokkr-log-sync-" + started.incrementAndGet()));
        thread.setContextClassLoader(SyncThreads.class.getClassLoader());
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Lets what is queued run. */
    @Override
    public void close() {
        threads.shutdown();
    }

    /** Those of all data folders. Each folder has its own, since a disk that hangs takes all threads that wait for it. Thread-safe. */
    static final class ByFolder implements AutoCloseable {

        private final Map<Path, SyncThreads> made = new ConcurrentHashMap<>();

        /** Made when it is first asked for. */
        SyncThreads of(Path root) {
            return made.computeIfAbsent(root, any -> new SyncThreads());
        }

        /** Lets what is queued run. */
        @Override
        public void close() {
            made.values().forEach(SyncThreads::close);
        }
    }
}
