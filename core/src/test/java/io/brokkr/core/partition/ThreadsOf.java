package io.brokkr.core.partition;

import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.Executor;

/** A scheduler with real threads for work that blocks, and timers that never run out. */
record ThreadsOf(Executor blocking) implements Scheduler {

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return () -> {};
    }

    @Override
    public Timer repeat(Duration period, Runnable task) {
        return () -> {};
    }
}
