package io.brokkr.storage.log;

import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** A broker without threads. */
record QueuedContext(Scheduler scheduler, Path folder, LongSupplier time) implements StorageContext {

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
    public Clock clock() {
        return new Clock() {
            @Override
            public long millis() {
                return 1_000;
            }

            @Override
            public long nanos() {
                return time.getAsLong();
            }
        };
    }

    @Override
    public Metrics metrics() {
        try (StorageFixture fixture = new StorageFixture(List.of(), Map.of())) {
            return fixture.metrics();
        }
    }
}
