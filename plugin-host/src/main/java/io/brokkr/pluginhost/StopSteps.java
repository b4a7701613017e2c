package io.brokkr.pluginhost;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be done at the end of the broker, or of a plugin, in the reverse order of its start. Used by one thread. */
public final class StopSteps {

    private static final Logger LOG = LoggerFactory.getLogger(StopSteps.class);

    private final Deque<Consumer<Duration>> steps = new ArrayDeque<>();

    /** Nothing yet. */
    public StopSteps() {}

    /** Adds what undoes the part of the start that has just succeeded. */
    public void add(String what, Runnable work) {
        addParts(limit -> runBounded(what, work, limit));
    }

    /** Adds what consists of parts, each of which is given the limit. */
    public void addParts(Consumer<Duration> parts) {
        steps.push(parts);
    }

    /**
     * Does it all, each step on a thread of its own: one that fails is logged, and one that takes longer than the limit is left behind, so that a plugin
     * which hangs does not keep the others' data from being made safe.
     */
    public void run(Duration limitOfEach) {
        while (!steps.isEmpty()) {
            steps.pop().accept(limitOfEach);
        }
    }

    private static void runBounded(String what, Runnable work, Duration limit) {
        CountDownLatch done = new CountDownLatch(1);
        Thread thread = new Thread(() -> attempt(what, work, done), "brokkr-stop");
        thread.setDaemon(true);
        thread.start();
        if (!await(done, limit)) {
            LOG.warn("{} did not end within {} ms and is left behind", what, limit.toMillis());
        }
    }

    private static void attempt(String what, Runnable work, CountDownLatch done) {
        try {
            work.run();
        } catch (Throwable failure) {
            LOG.error("{} failed at its end", what, failure);
        } finally {
            done.countDown();
        }
    }

    /** Whether it has come within the limit. Interrupts do not hurry the end of a broker: what was acknowledged has to be safe. */
    public static boolean await(CountDownLatch done, Duration limit) {
        long start = System.nanoTime();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return done.await(limit.toNanos() - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
                } catch (InterruptedException request) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
