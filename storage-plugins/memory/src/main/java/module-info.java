/** A storage engine that keeps logs in the memory of the process. */
module io.brokkr.storage.memory {
    requires io.brokkr.spi;
    requires static org.jspecify;

    provides io.brokkr.spi.storage.StorageEngineFactory with
            io.brokkr.storage.memory.MemoryStorageEngineFactory;
}
