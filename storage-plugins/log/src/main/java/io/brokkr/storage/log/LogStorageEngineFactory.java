package io.brokkr.storage.log;

import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.util.List;

/** The entry of the plugin. */
public final class LogStorageEngineFactory implements StorageEngineFactory {

    /** The engine's name. */
    static final String NAME = "log";

    /** Called by {@link java.util.ServiceLoader}. */
    public LogStorageEngineFactory() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(JournalSettings.BYTES);
    }

    @Override
    public List<TopicSetting<?>> topicSettings() {
        return LogSettings.ALL;
    }

    @Override
    public StorageEngine open(StorageContext context) {
        return new LogStorageEngine(context, FileOperations.SYSTEM);
    }
}
