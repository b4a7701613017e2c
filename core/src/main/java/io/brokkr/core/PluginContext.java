package io.brokkr.core;

import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginScheduler;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.StorageContext;
import java.nio.file.Path;
import java.util.List;

/** What a storage plugin gets. */
record PluginContext(
        LoadedConfiguration configuration,
        DataFolders folders,
        Clock clock,
        Scheduler scheduler,
        Metrics metrics,
        Events events)
        implements StorageContext {

    @Override
    public List<Path> dataFolders() {
        return folders.paths();
    }

    @Override
    public void requireUsable(Path dataFolder) {
        folders.requireUsable(dataFolder);
    }

    /** The same for one plugin, under whose class loader its tasks run. */
    PluginContext of(HostedPlugin plugin) {
        return new PluginContext(
                configuration, folders, clock, new PluginScheduler(scheduler, plugin), metrics, events);
    }
}
