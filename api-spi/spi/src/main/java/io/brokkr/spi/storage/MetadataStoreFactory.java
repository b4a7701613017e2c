package io.brokkr.spi.storage;

import io.brokkr.spi.DeclaresSettings;

/** The entry of a metadata store's plugin, found with {@link java.util.ServiceLoader}. */
public interface MetadataStoreFactory extends DeclaresSettings {

    /** The store's name, as {@code metadata.store} gives it: lower case, short, unique among the loaded plugins. */
    String name();

    /**
     * Opens the store. Called once, at the broker's start, on a thread that may block.
     *
     * @throws StorageException if the store cannot work: what is wrong, where, and what to do
     */
    MetadataStore open(StorageContext context);
}
