package io.brokkr.plugin.apiversions;

import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import java.util.List;

/** Makes the handler of this plugin. */
public final class ApiVersionsHandlers implements ApiHandlerFactory {

    /** For {@link java.util.ServiceLoader}. */
    public ApiVersionsHandlers() {}

    @Override
    public List<ApiHandler<?>> create(BrokerServices broker) {
        return List.of(new ApiVersionsHandler(broker));
    }
}
