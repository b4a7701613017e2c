package io.brokkr.pluginhost;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of plugins that hold up threads which many wait for, while they do so, from a thread of its own that looks now and then. Thread-safe.
 *
 * <p>That thread is started when the first thread is there that could be held up.
 */
public final class CallWatch implements AutoCloseable {

    /** Four within the limit: who is told of has held the thread for no less than that, and for no more than a quarter of it longer. */
    private static final int LOOKS = 4;

    private final Duration limit;
    private final BiConsumer<String, @Nullable Throwable> log;
    private final Queue<WatchedThread> threads = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<WatchedThread> here = ThreadLocal.withInitial(this::watchThisOne);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();
    private final Thread thread = new Thread(this::run, "brokkr-call-watch");

    /**
     * A watch over no threads yet.
     *
     * @param limit how long a thread may be held up until the log says so; zero for ever
     * @param log gets a line, and the stack of the thread that is held up
     */
    public CallWatch(Duration limit, BiConsumer<String, @Nullable Throwable> log) {
        this.limit = limit;
        this.log = log;
        thread.setDaemon(true);
    }

    /** The thread that asks, which is watched from now on. */
    public WatchedThread here() {
        return here.get();
    }

    private WatchedThread watchThisOne() {
        WatchedThread watched = new WatchedThread(Thread.currentThread(), log);
        if (!limit.isZero()) {
            threads.add(watched);
            if (started.compareAndSet(false, true)) {
                thread.start();
            }
        }
        return watched;
    }

    private void run() {
        try {
            while (!closed.await(limit.toNanos() / LOOKS, TimeUnit.NANOSECONDS)) {
                threads.forEach(watched -> watched.look(LOOKS));
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks no more. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
