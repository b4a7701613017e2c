package io.brokkr.pluginhost;

import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The scheduler as a plugin sees it: its tasks run with the plugin's context class loader, and end with the plugin. Thread-safe. */
public final class PluginScheduler implements Scheduler {

    private final Scheduler scheduler;
    private final HostedPlugin plugin;
    private final Set<Task> timed = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /** For one plugin, on the threads of the broker's scheduler. */
    public PluginScheduler(Scheduler scheduler, HostedPlugin plugin) {
        this.scheduler = scheduler;
        this.plugin = plugin;
    }

    @Override
    public Timer schedule(Duration delay, Runnable work) {
        Task task = new Task(work, true);
        return begun(task, scheduler.schedule(delay, task));
    }

    @Override
    public Timer repeat(Duration period, Runnable work) {
        Task task = new Task(work, false);
        return begun(task, scheduler.repeat(period, task));
    }

    @Override
    public Executor blocking() {
        Executor blocking = scheduler.blocking();
        return work -> blocking.execute(new Task(work, true));
    }

    /** Starts none of its tasks any more, and holds on to none. */
    public void end() {
        ended = true;
        timed.forEach(Task::cancel);
    }

    private Timer begun(Task task, Timer timer) {
        task.timer = timer;
        timed.add(task);
        // A short one may have run by now, and the plugin may have ended.
        if (ended || task.work == null) {
            task.cancel();
        }
        return task;
    }

    /** Work of the plugin's, which is let go of when it has run or is not to run. */
    private final class Task implements Runnable, Timer {

        private final boolean once;
        private volatile @Nullable Runnable work;
        private volatile @Nullable Timer timer;

        Task(Runnable work, boolean once) {
            this.work = work;
            this.once = once;
        }

        @Override
        public void run() {
            Runnable now = work;
            if (once) {
                work = null;
                timed.remove(this);
            }
            if (now != null && !ended) {
                plugin.run(now);
            }
        }

        @Override
        public void cancel() {
            work = null;
            timed.remove(this);
            Timer begun = timer;
            if (begun != null) {
                begun.cancel();
            }
        }
    }
}
