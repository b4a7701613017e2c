package io.brokkr.compatibility.crash;

import io.brokkr.compatibility.CheckFailedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Work that goes on beside the rounds, on a thread of its own, until it is told to stop. */
abstract class Worker {

    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);

    private final Thread thread;
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    Worker(String name) {
        thread = new Thread(this::runToEnd, name);
        thread.setDaemon(true);
    }

    final void start() {
        thread.start();
    }

    private void runToEnd() {
        try {
            work();
        } catch (Exception | Error met) {
            fail(met);
        }
    }

    final void fail(Throwable met) {
        failure = met;
    }

    final boolean goesOn() {
        return !stopping && failure == null;
    }

    /** Does the work as long as it {@link #goesOn}. */
    abstract void work() throws Exception;

    /** Throws what the work failed with, if it did. */
    final void check() {
        Throwable met = failure;
        if (met != null) {
            throw met instanceof CheckFailedException known
                    ? known
                    : new CheckFailedException(thread.getName() + " failed: " + met);
        }
    }

    final void stop() throws InterruptedException {
        stopping = true;
        thread.join(STOP_LIMIT.toMillis());
        check();
        CheckFailedException.unless(!thread.isAlive(), thread.getName() + " does not end");
    }
}
