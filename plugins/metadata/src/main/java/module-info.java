/** The APIs by which clients find topics and brokers: Metadata, DescribeCluster, DescribeTopicPartitions. */
module io.brokkr.plugin.metadata {
    requires io.brokkr.spi;
    requires static org.jspecify;

    provides io.brokkr.spi.ApiHandlerFactory with
            io.brokkr.plugin.metadata.MetadataHandlers;
}
