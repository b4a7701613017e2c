package io.brokkr.storage.log;

import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.BrokerEvents;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.NoSuchEngineException;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** A broker whose work and time are in the test's hand, with default settings. */
record QueuedContext(Scheduler scheduler, Path folder, Clock clock) implements StorageContext {

    /** With a clock that tells how much time has passed, and not what time it is. */
    QueuedContext(Scheduler scheduler, Path folder, LongSupplier nanos) {
        this(scheduler, folder, new Clock() {
            @Override
            public long millis() {
                return 1_000;
            }

            @Override
            public long nanos() {
                return nanos.getAsLong();
            }
        });
    }

    @Override
    public BrokerConfiguration configuration() {
        return new TextConfiguration(Map.of());
    }

    @Override
    public List<Path> dataFolders() {
        return List.of(folder);
    }

    @Override
    public void requireUsable(Path dataFolder) {}

    @Override
    public StorageEngine openEngine(String name, String space) {
        throw new NoSuchEngineException("the engine log is built on no other one, and not on " + name);
    }

    @Override
    public Metrics metrics() {
        try (StorageFixture fixture = new StorageFixture(List.of(), Map.of())) {
            return fixture.metrics();
        }
    }

    @Override
    public BrokerEvents events() {
        return (type, subject, details) -> {};
    }
}
