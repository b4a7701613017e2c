package io.brokkr.spi;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The broker's configuration, and all settings that the core and the loaded plugins know. Thread-safe. Values do not change; the settings of plugins that come or go while the
 * broker runs come and go with them.
 */
public interface BrokerConfiguration extends Configuration {

    /** Every setting that the broker's configuration may hold. */
    Collection<Setting<?>> brokerSettings();

    /** Every setting that a topic may have of its own. */
    Collection<TopicSetting<?>> topicSettings();

    /** What the broker's configuration holds under one name, as it was written; null where it holds nothing under it. */
    @Nullable
    String given(String brokerName);
}
