package io.brokkr.spi;

import java.util.List;

/** An extension that reads settings of the operator's. A setting that nobody declares is refused as unknown. */
public interface DeclaresSettings {

    /** The settings that it reads from the broker's configuration. */
    default List<Setting<?>> settings() {
        return List.of();
    }

    /** The settings that each topic can have of its own. */
    default List<TopicSetting<?>> topicSettings() {
        return List.of();
    }
}
