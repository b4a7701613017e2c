/** Measurements: Apache Kafka and Brokkr side by side, and JMH for the hot paths. Not shipped. */
module io.brokkr.benchmarks {
    requires io.brokkr.compatibility;
    requires io.brokkr.plugin.compression;
    requires io.brokkr.protocol;
    requires java.desktop;
    requires java.management;
    requires jmh.core;
    requires kafka.clients;
    requires org.jfree.jfreechart;
    requires static org.jspecify;
}
