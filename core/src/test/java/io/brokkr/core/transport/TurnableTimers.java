package io.brokkr.core.transport;

import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Timers that a test runs itself, when it has turned the clock. Thread-safe. */
final class TurnableTimers implements Scheduler {

    private record Pending(long due, Runnable task) {}

    private final TurnableClock clock;
    private final List<Pending> pending = new ArrayList<>();

    TurnableTimers(TurnableClock clock) {
        this.clock = clock;
    }

    /** Turns the clock, and runs what has become due on this thread. */
    void turn(Duration by) {
        clock.turn(by);
        List<Pending> due = new ArrayList<>();
        synchronized (this) {
            pending.stream().filter(timer -> timer.due() <= clock.nanos()).forEach(due::add);
            pending.removeAll(due);
        }
        due.forEach(timer -> timer.task().run());
    }

    /** How many have not run and were not cancelled. */
    synchronized int pending() {
        return pending.size();
    }

    @Override
    public synchronized Timer schedule(Duration delay, Runnable task) {
        Pending timer = new Pending(clock.nanos() + delay.toNanos(), task);
        pending.add(timer);
        return () -> cancel(timer);
    }

    private synchronized void cancel(Pending timer) {
        pending.remove(timer);
    }

    @Override
    public Timer repeat(Duration period, Runnable task) {
        throw new UnsupportedOperationException("the transport repeats nothing by the broker's time");
    }

    @Override
    public Executor blocking() {
        throw new UnsupportedOperationException("the transport does not block");
    }
}
