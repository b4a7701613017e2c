package io.brokkr.core;

import io.brokkr.core.plugin.HostedPlugin;
import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.Executor;

/** The scheduler as a plugin sees it: its tasks run with the plugin's context class loader. */
record PluginScheduler(Scheduler scheduler, HostedPlugin plugin) implements Scheduler {

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return scheduler.schedule(delay, () -> plugin.run(task));
    }

    @Override
    public Timer repeat(Duration period, Runnable task) {
        return scheduler.repeat(period, () -> plugin.run(task));
    }

    @Override
    public Executor blocking() {
        Executor blocking = scheduler.blocking();
        return task -> blocking.execute(() -> plugin.run(task));
    }
}
