package io.brokkr.testkit.storage;

import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.BrokerEvents;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.NoSuchEngineException;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an engine gets that another one is built on: folders within those of the other, and all else of the same fixture.
 *
 * @param engines those that can be opened
 * @param chain the names of the engines that are built on one another, this one last
 */
record EngineSpace(
        StorageContext fixture,
        List<Path> dataFolders,
        List<? extends StorageEngineFactory> engines,
        List<String> chain)
        implements StorageContext {

    @Override
    public StorageEngine openEngine(String name, String space) {
        StorageEngineFactory engine = engines.stream()
                .filter(factory -> factory.name().equals(name) && !chain.contains(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchEngineException("the fixture has no storage engine " + name
                        + (chain.isEmpty() ? "" : " for " + String.join(", for ", chain))));
        List<Path> folders =
                dataFolders.stream().map(folder -> folder.resolve(space)).toList();
        folders.forEach(EngineSpace::make);
        List<String> longer = new ArrayList<>(chain);
        longer.add(name);
        return engine.open(new EngineSpace(fixture, folders, engines, List.copyOf(longer)));
    }

    private static void make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failure) {
            throw new StorageException("the data folder " + folder + " cannot be made", failure);
        }
    }

    @Override
    public BrokerConfiguration configuration() {
        return fixture.configuration();
    }

    @Override
    public void requireUsable(Path dataFolder) {
        fixture.requireUsable(dataFolder);
    }

    @Override
    public Clock clock() {
        return fixture.clock();
    }

    @Override
    public Scheduler scheduler() {
        return fixture.scheduler();
    }

    @Override
    public Metrics metrics() {
        return fixture.metrics();
    }

    @Override
    public BrokerEvents events() {
        return fixture.events();
    }
}
