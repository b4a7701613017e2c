package io.brokkr.core;

import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginScheduler;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/**
 * What a storage plugin gets.
 *
 * @param dataFolders the folders themselves, or those in them that belong to an engine on which another is built
 * @param engines opens an engine of a name in folders of a name
 */
record PluginContext(
        LoadedConfiguration configuration,
        DataFolders folders,
        List<Path> dataFolders,
        Clock clock,
        Scheduler scheduler,
        Metrics metrics,
        Events events,
        BiFunction<String, String, StorageEngine> engines)
        implements StorageContext {

    @Override
    public void requireUsable(Path dataFolder) {
        folders.requireUsable(dataFolder);
    }

    @Override
    public StorageEngine openEngine(String name, String space) {
        return engines.apply(name, space);
    }

    /** The same for one plugin, under whose class loader its tasks run. */
    PluginContext of(HostedPlugin plugin, List<Path> itsFolders, BiFunction<String, String, StorageEngine> itsEngines) {
        Scheduler itsScheduler = new PluginScheduler(scheduler, plugin);
        return new PluginContext(configuration, folders, itsFolders, clock, itsScheduler, metrics, events, itsEngines);
    }
}
