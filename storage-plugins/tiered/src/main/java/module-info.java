/** A storage engine that keeps what is new in one engine, and moves what is old to another. */
module io.brokkr.storage.tiered {
    requires io.brokkr.spi;
    requires static org.jspecify;

    provides io.brokkr.spi.storage.StorageEngineFactory with
            io.brokkr.storage.tiered.TieredStorageEngineFactory;
}
