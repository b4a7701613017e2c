/** A metadata store in a file of this machine, and one in memory for tests. */
module io.brokkr.storage.embeddedmetadata {
    requires io.brokkr.spi;
    requires com.h2database.mvstore;
    requires static org.jspecify;

    provides io.brokkr.spi.storage.MetadataStoreFactory with
            io.brokkr.storage.embeddedmetadata.EmbeddedMetadataStoreFactory,
            io.brokkr.storage.embeddedmetadata.MemoryMetadataStoreFactory;
}
