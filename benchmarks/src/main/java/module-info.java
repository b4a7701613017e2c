/** Measurements: Apache Kafka and Brokkr side by side, and JMH for the hot paths. Not shipped. */
module io.brokkr.benchmarks {
    requires io.brokkr.compatibility;
    requires io.brokkr.core;
    requires io.brokkr.junit;
    requires io.brokkr.plugin.compression;
    requires io.brokkr.pluginhost;
    requires io.brokkr.protocol;
    requires io.brokkr.security;
    requires java.desktop;
    requires java.management;
    requires jmh.core;
    requires kafka.clients;
    requires org.jfree.jfreechart;
    requires static org.jspecify;

    uses io.brokkr.spi.storage.MetadataStoreFactory;
    uses io.brokkr.spi.storage.StorageEngineFactory;
}
