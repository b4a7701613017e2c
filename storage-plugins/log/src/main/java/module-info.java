/** A storage engine that keeps logs in segment files as Apache Kafka does. */
module io.brokkr.storage.log {
    requires io.brokkr.spi;
    requires static org.jspecify;

    provides io.brokkr.spi.CommandLineTool with
            io.brokkr.storage.log.LogCommand;
    provides io.brokkr.spi.storage.StorageEngineFactory with
            io.brokkr.storage.log.LogStorageEngineFactory;
}
