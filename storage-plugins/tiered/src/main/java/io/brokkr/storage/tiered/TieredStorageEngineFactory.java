package io.brokkr.storage.tiered;

import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.util.List;

/** The entry of the plugin. */
public final class TieredStorageEngineFactory implements StorageEngineFactory {

    /** Called by {@link java.util.ServiceLoader}. */
    public TieredStorageEngineFactory() {}

    @Override
    public String name() {
        return "tiered";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(TieredSettings.HOT_ENGINE, TieredSettings.COLD_ENGINE, TieredSettings.CHECK_INTERVAL);
    }

    @Override
    public List<TopicSetting<?>> topicSettings() {
        return List.of(TieredSettings.LOCAL_RETENTION_MS, TieredSettings.LOCAL_RETENTION_BYTES);
    }

    /** Where no cold engine is named, nothing is opened, so that a broker that has no use for tiers does not pay for them. */
    @Override
    public StorageEngine open(StorageContext context) {
        BrokerConfiguration settings = context.configuration();
        String cold = settings.get(TieredSettings.COLD_ENGINE);
        return cold.isEmpty()
                ? new UnconfiguredEngine()
                : new TieredStorageEngine(context, settings.get(TieredSettings.HOT_ENGINE), cold);
    }
}
