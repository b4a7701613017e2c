package io.brokkr.spi.storage;

import io.brokkr.spi.DeclaresSettings;

/** The entry of a storage engine's plugin, found with {@link java.util.ServiceLoader}. */
public interface StorageEngineFactory extends DeclaresSettings {

    /** The engine's name, as {@code storage.engine} gives it: lower case, short, unique among the loaded plugins. */
    String name();

    /**
     * Opens the engine. Called once, at the broker's start, on a thread that may block; the start waits for it, so its cost must not grow with
     * the number of logs.
     *
     * @throws StorageException if the engine cannot work: what is wrong, where, and what to do
     */
    StorageEngine open(StorageContext context);
}
