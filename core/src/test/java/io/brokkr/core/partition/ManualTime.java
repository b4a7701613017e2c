package io.brokkr.core.partition;

import io.brokkr.spi.Clock;
import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/** Time that stands still until a test turns it; work that blocks is done at once by whoever asks for it. */
public final class ManualTime implements Clock, Scheduler {

    private record Task(long due, Runnable work) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::due));
    private long millis = 1_700_000_000_000L;

    @Override
    public synchronized long millis() {
        return millis;
    }

    @Override
    public synchronized long nanos() {
        return millis * 1_000_000;
    }

    @Override
    public synchronized Timer schedule(Duration delay, Runnable task) {
        Task scheduled = new Task(millis + delay.toMillis(), task);
        tasks.add(scheduled);
        return () -> cancel(scheduled);
    }

    /** The process is gone, and its timers with it. */
    synchronized void forgetTasks() {
        tasks.clear();
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    @Override
    public Timer repeat(Duration period, Runnable task) {
        return schedule(period, () -> {
            task.run();
            repeat(period, task);
        });
    }

    @Override
    public Executor blocking() {
        return Runnable::run;
    }

    /** Lets time pass, and runs what falls due in it. */
    public void advance(Duration step) {
        long end = millis() + step.toMillis();
        for (Task next = nextBefore(end); next != null; next = nextBefore(end)) {
            next.work().run();
        }
        synchronized (this) {
            millis = end;
        }
    }

    private synchronized Task nextBefore(long end) {
        Task next = tasks.peek();
        if (next == null || next.due() > end) {
            return null;
        }
        millis = Math.max(millis, next.due());
        return tasks.remove();
    }
}
