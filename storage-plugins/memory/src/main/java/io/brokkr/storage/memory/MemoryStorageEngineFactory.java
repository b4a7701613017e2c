package io.brokkr.storage.memory;

import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;

/** The entry of the plugin. */
public final class MemoryStorageEngineFactory implements StorageEngineFactory {

    /** Called by {@link java.util.ServiceLoader}. */
    public MemoryStorageEngineFactory() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public StorageEngine open(StorageContext context) {
        return new MemoryStorageEngine();
    }
}
