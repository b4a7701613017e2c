package io.brokkr.spi.storage;

import io.brokkr.spi.Setting;
import java.util.List;

/** The entry of a metadata store's plugin, found with {@link java.util.ServiceLoader}. */
public interface MetadataStoreFactory {

    /** The store's name, as {@code metadata.store} gives it: lower case, short, unique among the loaded plugins. */
    String name();

    /** The settings that the store reads from the broker's configuration. */
    default List<Setting<?>> settings() {
        return List.of();
    }

    /**
     * Opens the store. Called once, at the broker's start, on a thread that may block.
     *
     * @throws StorageException if the store cannot work: what is wrong, where, and what to do
     */
    MetadataStore open(StorageContext context);
}
