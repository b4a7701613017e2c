package io.brokkr.storage.embeddedmetadata;

import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageContext;

/** The metadata store {@code memory}, for tests: the same as {@code embedded}, but without a file. A broker that ends forgets its topics. */
public final class MemoryMetadataStoreFactory implements MetadataStoreFactory {

    /** Called by {@link java.util.ServiceLoader}. */
    public MemoryMetadataStoreFactory() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public MetadataStore open(StorageContext context) {
        return new EmbeddedMetadataStore(
                MetadataFile::inMemory, context.scheduler().blocking());
    }
}
