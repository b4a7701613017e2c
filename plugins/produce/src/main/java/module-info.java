/** The APIs of producers: Produce, and InitProducerId for idempotent producers. */
module io.brokkr.plugin.produce {
    requires io.brokkr.spi;
    requires static org.jspecify;

    provides io.brokkr.spi.ApiHandlerFactory with
            io.brokkr.plugin.produce.ProduceHandlers;
}
