package io.brokkr.testkit.storage;

import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A configuration that holds a few values, by the settings' own names, and defaults for the rest. Immutable. */
public final class TextConfiguration implements BrokerConfiguration {

    private final Map<String, String> values;

    /** Takes values as one would write them. */
    public TextConfiguration(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    @Override
    public <T> T get(Setting<T> setting) {
        String text = values.get(setting.name());
        return text == null ? setting.defaultValue() : setting.parse(text);
    }

    @Override
    public boolean isSet(Setting<?> setting) {
        return values.containsKey(setting.name());
    }

    /** None: this configuration does not know what may be set. */
    @Override
    public Collection<Setting<?>> brokerSettings() {
        return List.of();
    }

    /** None: this configuration does not know what may be set. */
    @Override
    public Collection<TopicSetting<?>> topicSettings() {
        return List.of();
    }

    @Override
    public @Nullable String given(String brokerName) {
        return values.get(brokerName);
    }
}
