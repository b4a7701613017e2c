package io.brokkr.core.configuration;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.Setting;
import java.util.IdentityHashMap;

/** A topic's own values over the broker's. */
final class TopicConfiguration implements Configuration {

    private final LoadedConfiguration broker;
    private final IdentityHashMap<Setting<?>, Object> values;

    TopicConfiguration(LoadedConfiguration broker, IdentityHashMap<Setting<?>, Object> values) {
        this.broker = broker;
        this.values = values;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T get(Setting<T> setting) {
        Object value = values.get(setting);
        // The value came out of this setting's own parser.
        return value == null ? broker.get(setting) : (T) value;
    }

    @Override
    public boolean isSet(Setting<?> setting) {
        return values.containsKey(setting) || broker.isSet(setting);
    }
}
