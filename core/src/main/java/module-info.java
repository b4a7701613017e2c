/**
 * The broker: transport, dispatch, topics and partitions, configuration and metrics. It knows no API and no file format.
 *
 * <p>Plugins have no use for this module; who embeds a broker has: {@link io.brokkr.core.BrokerBuilder}.
 */
module io.brokkr.core {
    requires transitive io.brokkr.spi;
    requires io.brokkr.pluginhost;
    requires io.brokkr.security;
    requires static org.jspecify;
    requires org.slf4j;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;

    exports io.brokkr.core;
}
