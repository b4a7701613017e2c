/**
 * The broker: transport, dispatch, topics and partitions, configuration, metrics, and the host of the plugins. It knows no API and no file format.
 *
 * <p>Plugins have no use for this module; who embeds a broker has: {@link io.brokkr.core.BrokerBuilder}.
 */
module io.brokkr.core {
    requires transitive io.brokkr.spi;
    requires static org.jspecify;
    requires org.slf4j;
    requires org.pf4j;
    requires jdk.httpserver;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;

    exports io.brokkr.core;

    uses io.brokkr.protocol.record.CompressionCodec;
    uses io.brokkr.spi.ApiHandlerFactory;
    uses io.brokkr.spi.CommandLineTool;
    uses io.brokkr.spi.storage.StorageEngineFactory;
    uses io.brokkr.spi.storage.MetadataStoreFactory;
}
