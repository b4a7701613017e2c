/** The APIs of consumer groups, and the coordinator behind them. */
module io.brokkr.plugin.groups {
    requires io.brokkr.spi;
    requires static org.jspecify;

    provides io.brokkr.spi.ApiHandlerFactory with
            io.brokkr.plugin.groups.GroupHandlers;
}
