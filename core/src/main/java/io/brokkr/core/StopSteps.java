package io.brokkr.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be done at the broker's end, in the reverse order of its start. Used by one thread. */
final class StopSteps {

    private static final Logger LOG = LoggerFactory.getLogger(StopSteps.class);

    private final Deque<Step> steps = new ArrayDeque<>();

    private record Step(String what, Runnable work) {}

    /** Adds what undoes the part of the start that has just succeeded. */
    void add(String what, Runnable work) {
        steps.push(new Step(what, work));
    }

    /**
     * Does it all, each step on a thread of its own: one that fails is logged, and one that takes longer than the limit is left behind, so that a plugin
     * which hangs does not keep the others' data from being made safe.
     */
    void run(Duration limitOfEach) {
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            CountDownLatch done = new CountDownLatch(1);
            Thread thread = new Thread(() -> attempt(step, done), "brokkr-stop");
            thread.setDaemon(true);
            thread.start();
            if (!await(done, limitOfEach)) {
                LOG.warn("{} did not end within {} ms and is left behind", step.what(), limitOfEach.toMillis());
            }
        }
    }

    private static void attempt(Step step, CountDownLatch done) {
        try {
            step.work().run();
        } catch (Throwable failure) {
            LOG.error("{} failed at its end", step.what(), failure);
        } finally {
            done.countDown();
        }
    }

    /** Whether it has come within the limit. Interrupts do not hurry the end of a broker: what was acknowledged has to be safe. */
    static boolean await(CountDownLatch done, Duration limit) {
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
