package io.brokkr.storage.s3;

import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.BrokerEvents;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.testkit.storage.TextConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A fixture's context with settings for the engine. */
record TestContext(StorageContext fixture, Map<String, String> settings, Scheduler scheduler, Metrics metrics)
        implements StorageContext {

    TestContext(StorageContext fixture, Map<String, String> settings) {
        this(fixture, settings, fixture.scheduler(), fixture.metrics());
    }

    @Override
    public BrokerConfiguration configuration() {
        return new TextConfiguration(settings);
    }

    @Override
    public List<Path> dataFolders() {
        return fixture.dataFolders();
    }

    @Override
    public void requireUsable(Path dataFolder) {
        fixture.requireUsable(dataFolder);
    }

    @Override
    public StorageEngine openEngine(String name, String space) {
        return fixture.openEngine(name, space);
    }

    @Override
    public Clock clock() {
        return fixture.clock();
    }

    @Override
    public BrokerEvents events() {
        return fixture.events();
    }
}
