/** The APIs by which clients say who they are, and prove it: SaslHandshake, SaslAuthenticate. */
module io.brokkr.plugin.sasl {
    requires io.brokkr.spi;
    requires static org.jspecify;

    provides io.brokkr.spi.ApiHandlerFactory with
            io.brokkr.plugin.sasl.SaslHandlers;
}
