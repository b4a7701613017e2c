package io.brokkr.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
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
            Thread thread = new Thread(() -> attempt(step), "brokkr-stop");
            thread.setDaemon(true);
            thread.start();
            if (!join(thread, limitOfEach)) {
                LOG.warn("{} did not end within {} ms and is left behind", step.what(), limitOfEach.toMillis());
            }
        }
    }

    private static void attempt(Step step) {
        try {
            step.work().run();
        } catch (Throwable failure) {
            LOG.error("{} failed at its end", step.what(), failure);
        }
    }

    /** Interrupts do not hurry the end of a broker: what was acknowledged has to be safe. */
    private static boolean join(Thread thread, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        while (thread.isAlive()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            try {
                thread.join(left);
            } catch (InterruptedException request) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
