package io.brokkr.junit;

import io.brokkr.spi.Clock;
import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The machine's time, and what a test has put ahead of it. Thread-safe.
 *
 * <p>It goes on by itself, so that clients, who know the machine's time alone, are served as ever.
 */
final class TestTime implements Clock {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final long began = System.nanoTime();
    /** Under the monitor. */
    private final Set<Pending> pending = new HashSet<>();

    private volatile long aheadNanos;
    private @Nullable Scheduler machine;

    @Override
    public long millis() {
        return System.currentTimeMillis() + TimeUnit.NANOSECONDS.toMillis(aheadNanos);
    }

    @Override
    public long nanos() {
        return System.nanoTime() - began + aheadNanos;
    }

    /** Makes timers of this time of those of the machine, which time passes for from now on. */
    synchronized Scheduler timers(Scheduler ofTheMachine) {
        machine = ofTheMachine;
        return new Timers(ofTheMachine);
    }

    /** Puts the time ahead, and returns when the timers that this makes due have run, in their order. */
    void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("time does not go back, not even by " + step.negated());
        }
        CountDownLatch done = new CountDownLatch(1);
        synchronized (this) {
            aheadNanos = Math.addExact(aheadNanos, step.toNanos());
            pending.stream().sorted(Comparator.comparingLong(Pending::due)).forEach(Pending::arm);
            if (machine == null) {
                return;
            }
            machine.schedule(Duration.ZERO, done::countDown);
        }
        try {
            if (!done.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("the broker's timers did not come back within " + LIMIT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while time passed for the broker", interrupted);
        }
    }

    /** The broker's timers, each of which is one of the machine's until the time is put ahead. */
    private final class Timers implements Scheduler {

        private final Scheduler real;

        Timers(Scheduler real) {
            this.real = real;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            synchronized (TestTime.this) {
                long now = nanos();
                long due = delay.compareTo(Duration.ofNanos(Long.MAX_VALUE - now)) < 0
                        ? now + delay.toNanos()
                        : Long.MAX_VALUE;
                Pending added = new Pending(real, due, task);
                pending.add(added);
                added.arm();
                return added;
            }
        }

        @Override
        public Timer repeat(Duration period, Runnable task) {
            return new Repeated(this, period, task);
        }

        @Override
        public Executor blocking() {
            return real.blocking();
        }
    }

    private final class Pending implements Scheduler.Timer, Runnable {

        private final Scheduler real;
        private final long due;
        private final Runnable task;
        private Scheduler.@Nullable Timer armed;

        Pending(Scheduler real, long due, Runnable task) {
            this.real = real;
            this.due = due;
            this.task = task;
        }

        long due() {
            return due;
        }

        /** Under the monitor of the time. */
        void arm() {
            if (armed != null) {
                armed.cancel();
            }
            armed = real.schedule(Duration.ofNanos(Math.max(0, due - nanos())), this);
        }

        @Override
        public void run() {
            if (take()) {
                task.run();
            }
        }

        private boolean take() {
            synchronized (TestTime.this) {
                return pending.remove(this);
            }
        }

        @Override
        public void cancel() {
            synchronized (TestTime.this) {
                if (pending.remove(this) && armed != null) {
                    armed.cancel();
                }
            }
        }
    }

    private static final class Repeated implements Scheduler.Timer, Runnable {

        private final Timers timers;
        private final Duration period;
        private final Runnable task;
        private Scheduler.@Nullable Timer next;
        private boolean cancelled;

        Repeated(Timers timers, Duration period, Runnable task) {
            this.timers = timers;
            this.period = period;
            this.task = task;
            again();
        }

        private synchronized void again() {
            if (!cancelled) {
                next = timers.schedule(period, this);
            }
        }

        @Override
        public void run() {
            try {
                task.run();
            } finally {
                again();
            }
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            if (next != null) {
                next.cancel();
            }
        }
    }
}
