/** Faults on purpose: slow answers, errors, and connections that are dropped. */
module io.brokkr.plugin.faultinjector {
    requires transitive io.brokkr.spi;
    requires static org.jspecify;

    exports io.brokkr.plugin.faultinjector;

    provides io.brokkr.spi.RequestHookFactory with
            io.brokkr.plugin.faultinjector.FaultInjector;
}
