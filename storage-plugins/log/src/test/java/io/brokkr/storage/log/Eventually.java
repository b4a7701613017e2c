package io.brokkr.storage.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Waits for what is done in the background, and no longer than anybody should have to. */
final class Eventually {

    private static final long LIMIT_NANOS = Duration.ofSeconds(30).toNanos();

    private Eventually() {}

    /** Fails until something is done. */
    @FunctionalInterface
    interface Check {
        void run() throws IOException;
    }

    /** Returns when a check does not fail any more; gives its last failure if it goes on failing. */
    static void holds(Check check) throws IOException {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (true) {
            try {
                check.run();
                return;
            } catch (AssertionError | IOException | UncheckedIOException notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
                Thread.onSpinWait();
            }
        }
    }
}
