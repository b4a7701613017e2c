package io.brokkr.testkit.time;

import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Timers that run when a test lets the time of a {@link VirtualClock} pass. Thread-safe; tasks run on the thread that calls {@link #advance}
 * or {@link #runDueTasks}, and what a task throws comes out there.
 *
 * <p>Work given to {@link #blocking} waits for the next of these calls too, as if a thread had taken it up with no delay.
 */
public final class VirtualScheduler implements Scheduler {

    private static final Comparator<Task> BY_DUE_TIME_THEN_CHANCE =
            Comparator.<Task>comparingLong(task -> task.dueNanos).thenComparingLong(task -> task.lot);

    private final VirtualClock clock;
    private final Random random;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(BY_DUE_TIME_THEN_CHANCE);

    /**
     * A scheduler without tasks.
     *
     * @param seed decides the order of tasks that are due at the same moment
     */
    public VirtualScheduler(VirtualClock clock, long seed) {
        this.clock = clock;
        this.random = new Random(seed);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Task once = new Task(null, task);
        add(once, delay);
        return once;
    }

    @Override
    public Timer repeat(Duration period, Runnable task) {
        Task repeated = new Task(period, task);
        add(repeated, period);
        return repeated;
    }

    @Override
    public Executor blocking() {
        return task -> schedule(Duration.ZERO, task);
    }

    private synchronized void add(Task task, Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a task cannot have been due " + delay.negated() + " ago");
        }
        task.dueNanos = clock.nanos() + delay.toNanos();
        task.lot = random.nextLong();
        tasks.add(task);
    }

    /**
     * Lets time pass and runs every task that falls due meanwhile, those included that are scheduled by such a task, each at the moment when it is due.
     *
     * @param duration zero or more
     * @return how many tasks ran
     */
    public int advance(Duration duration) {
        long end = clock.nanos() + duration.toNanos();
        int ran = runUntil(end);
        clock.advance(Duration.ofNanos(Math.max(0, end - clock.nanos())));
        return ran;
    }

    /**
     * Runs the tasks that are due now, without letting time pass.
     *
     * @return how many tasks ran
     */
    public int runDueTasks() {
        return runUntil(clock.nanos());
    }

    /** How long until the next task is due, zero if one is due already; null if there is no task. */
    public synchronized @Nullable Duration untilNextTask() {
        Task next = tasks.peek();
        return next == null ? null : Duration.ofNanos(Math.max(0, next.dueNanos - clock.nanos()));
    }

    /** The number of tasks to come; a repeated one counts once. */
    public synchronized int taskCount() {
        return tasks.size();
    }

    private int runUntil(long end) {
        int ran = 0;
        for (Task task = takeDueBy(end); task != null; task = takeDueBy(end)) {
            clock.advance(Duration.ofNanos(Math.max(0, task.dueNanos - clock.nanos())));
            task.run();
            ran++;
        }
        return ran;
    }

    private synchronized @Nullable Task takeDueBy(long end) {
        Task next = tasks.peek();
        return next == null || next.dueNanos > end ? null : tasks.poll();
    }

    private final class Task implements Timer {

        private final @Nullable Duration period;
        private final Runnable work;
        private long dueNanos;
        private long lot;
        private volatile boolean cancelled;

        Task(@Nullable Duration period, Runnable work) {
            this.period = period;
            this.work = work;
        }

        void run() {
            if (cancelled) {
                return;
            }
            try {
                work.run();
            } finally {
                if (period != null && !cancelled) {
                    add(this, period);
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            synchronized (VirtualScheduler.this) {
                tasks.remove(this);
            }
        }
    }
}
