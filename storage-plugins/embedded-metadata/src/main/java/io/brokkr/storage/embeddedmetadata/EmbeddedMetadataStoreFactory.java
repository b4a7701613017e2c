package io.brokkr.storage.embeddedmetadata;

import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;

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
        Path file = context.dataFolders().get(0).resolve(FILE_NAME);
        for (Path folder : context.dataFolders()) {
            // The folders may have been named in another order.
            if (!Files.exists(file) && Files.exists(folder.resolve(FILE_NAME))) {
                throw new StorageException("the metadata is in " + folder.resolve(FILE_NAME)
                        + ", and the first folder of log.dirs has none: name " + folder + " first");
            }
        }
        return new EmbeddedMetadataStore(
                () -> MetadataFile.open(file), context.scheduler().blocking());
    }
}
