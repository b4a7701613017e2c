package io.brokkr.plugin.produce;

import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import java.util.List;

/** Makes the handlers of this plugin. */
public final class ProduceHandlers implements ApiHandlerFactory {

    /** For {@link java.util.ServiceLoader}. */
    public ProduceHandlers() {}

    @Override
    public List<ApiHandler<?>> create(BrokerServices broker) {
        return List.of(
                new ProduceHandler(broker.topics(), broker.partitions()),
                new InitProducerIdHandler(new ProducerIds(broker.metadataStore())));
    }
}
