package io.brokkr.plugin.metadata;

import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Setting;
import java.util.List;

/** Makes the handlers of this plugin. */
public final class MetadataHandlers implements ApiHandlerFactory {

    /** For {@link java.util.ServiceLoader}. */
    public MetadataHandlers() {}

    @Override
    public List<Setting<?>> settings() {
        return List.of(TopicLookup.AUTO_CREATE, DescribeTopicPartitionsHandler.MAX_PARTITIONS);
    }

    @Override
    public List<ApiHandler<?>> create(BrokerServices broker) {
        TopicLookup lookup =
                new TopicLookup(broker.topics(), broker.configuration().get(TopicLookup.AUTO_CREATE));
        int maxPartitions = broker.configuration().get(DescribeTopicPartitionsHandler.MAX_PARTITIONS);
        return List.of(
                new MetadataHandler(broker.cluster(), lookup),
                new DescribeClusterHandler(broker.cluster()),
                new DescribeTopicPartitionsHandler(broker.cluster(), broker.topics(), lookup, maxPartitions));
    }
}
