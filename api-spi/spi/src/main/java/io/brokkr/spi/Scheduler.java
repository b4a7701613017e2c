package io.brokkr.spi;

import java.time.Duration;
import java.util.concurrent.Executor;

/** Timers and threads. Thread-safe; everything ends with the broker. */
public interface Scheduler {

    /**
     * Runs a task once.
     *
     * @param delay zero or more
     * @param task must not block: it runs on the timer's own thread
     */
    Timer schedule(Duration delay, Runnable task);

    /** Runs a task again and again, a period after the end of the run before; one that throws is logged and goes on. It must not block. */
    Timer repeat(Duration period, Runnable task);

    /** Threads for work that blocks, such as reading a file: a small, bounded number, and an unbounded queue. */
    Executor blocking();

    /** A task to come. */
    interface Timer {
        /** Sees to it that the task does not start any more; one that runs goes on. A second call does nothing. */
        void cancel();
    }
}
