/** Who clients are, what they may do and how much: between the core, which has the connections, and the plugins that decide. */
module io.brokkr.security {
    requires transitive io.brokkr.spi;
    requires io.brokkr.pluginhost;
    requires static org.jspecify;
    requires org.slf4j;

    exports io.brokkr.security to
            io.brokkr.core;
}
