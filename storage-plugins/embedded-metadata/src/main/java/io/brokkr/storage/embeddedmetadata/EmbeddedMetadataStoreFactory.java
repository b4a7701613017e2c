package io.brokkr.storage.embeddedmetadata;

import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageContext;

/** The entry of the plugin. */
public final class EmbeddedMetadataStoreFactory implements MetadataStoreFactory {

    private static final String FILE_NAME = "metadata.mv";

    /** Called by {@link java.util.ServiceLoader}. */
    public EmbeddedMetadataStoreFactory() {}

    @Override
    public String name() {
        return "embedded";
    }

    @Override
    public MetadataStore open(StorageContext context) {
        return new EmbeddedMetadataStore(
                MetadataFile.open(context.dataFolders().get(0).resolve(FILE_NAME)),
                context.scheduler().blocking());
    }
}
