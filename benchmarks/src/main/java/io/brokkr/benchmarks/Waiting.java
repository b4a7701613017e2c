package io.brokkr.benchmarks;

import io.brokkr.compatibility.CheckFailedException;
import java.time.Duration;

/** Waits with an end. */
final class Waiting {
    private static final long POLL_MS = 20;

    private Waiting() {}

    /** Returns as soon as it is so; fails when the limit is over. */
    static void until(String what, Duration limit, Condition condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            CheckFailedException.unless(
                    System.nanoTime() < deadline, "not within " + limit.toSeconds() + " s: " + what);
            Thread.sleep(POLL_MS);
        }
    }

    /** What is waited for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }
}
