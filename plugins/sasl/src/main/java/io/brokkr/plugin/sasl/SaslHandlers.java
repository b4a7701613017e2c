package io.brokkr.plugin.sasl;

import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import java.util.List;

/** Makes the handlers of this plugin. */
public final class SaslHandlers implements ApiHandlerFactory {

    /** For {@link java.util.ServiceLoader}. */
    public SaslHandlers() {}

    @Override
    public List<ApiHandler<?>> create(BrokerServices broker) {
        return List.of(new SaslHandshakeHandler(), new SaslAuthenticateHandler());
    }
}
