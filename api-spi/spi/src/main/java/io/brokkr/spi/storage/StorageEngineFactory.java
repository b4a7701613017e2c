package io.brokkr.spi.storage;

import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import java.util.List;

/** The entry of a storage engine's plugin, found with {@link java.util.ServiceLoader}. */
public interface StorageEngineFactory {

    /** The engine's name, as {@code storage.engine} gives it: lower case, short, unique among the loaded plugins. */
    String name();

    /** The settings that the engine reads from the broker's configuration. */
    default List<Setting<?>> settings() {
        return List.of();
    }

    /** The settings of topics that the engine reads when it opens a log. */
    default List<TopicSetting<?>> topicSettings() {
        return List.of();
    }

    /**
     * Opens the engine. Called once, at the broker's start, on a thread that may block; the start waits for it, so its cost must not grow with
     * the number of logs.
     *
     * @throws StorageException if the engine cannot work: what is wrong, where, and what to do
     */
    StorageEngine open(StorageContext context);
}
