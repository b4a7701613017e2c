package io.brokkr.distribution.wire;

import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.BrokerEvents;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.storage.log.LogStorageEngineFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The engine {@code log} with one more data folder than the broker has, on a device that a test lets fail. */
record LogEngineOn(Path device, StorageEngineFactory engine) implements StorageEngineFactory {

    LogEngineOn(Path device) {
        this(device, new LogStorageEngineFactory());
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public List<Setting<?>> settings() {
        return engine.settings();
    }

    @Override
    public List<TopicSetting<?>> topicSettings() {
        return engine.topicSettings();
    }

    @Override
    public StorageEngine open(StorageContext context) {
        return engine.open(new Context(context, device));
    }

    private record Context(StorageContext broker, Path device) implements StorageContext {

        @Override
        public BrokerConfiguration configuration() {
            return broker.configuration();
        }

        @Override
        public List<Path> dataFolders() {
            List<Path> folders = new ArrayList<>(broker.dataFolders());
            folders.add(device);
            return folders;
        }

        /** Nothing else has the device. */
        @Override
        public void requireUsable(Path dataFolder) {
            if (!dataFolder.equals(device)) {
                broker.requireUsable(dataFolder);
            }
        }

        @Override
        public StorageEngine openEngine(String name, String space) {
            return broker.openEngine(name, space);
        }

        @Override
        public Clock clock() {
            return broker.clock();
        }

        @Override
        public Scheduler scheduler() {
            return broker.scheduler();
        }

        @Override
        public BrokerEvents events() {
            return broker.events();
        }

        @Override
        public Metrics metrics() {
            return broker.metrics();
        }
    }
}
