package io.brokkr.example.listtransactions;

import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import java.util.List;

/** Makes the handler of this plugin. */
public final class ListTransactionsHandlers implements ApiHandlerFactory {

    /** For {@link java.util.ServiceLoader}. */
    public ListTransactionsHandlers() {}

    @Override
    public List<ApiHandler<?>> create(BrokerServices broker) {
        return List.of(new ListTransactionsHandler());
    }
}
