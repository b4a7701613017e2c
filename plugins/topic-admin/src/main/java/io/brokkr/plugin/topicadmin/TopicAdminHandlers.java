package io.brokkr.plugin.topicadmin;

import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import java.util.List;

/** Makes the handlers of this plugin. */
public final class TopicAdminHandlers implements ApiHandlerFactory {

    /** For {@link java.util.ServiceLoader}. */
    public TopicAdminHandlers() {}

    @Override
    public List<ApiHandler<?>> create(BrokerServices broker) {
        SettingValues settings = new SettingValues(broker.configuration());
        ConfigChanges changes = new ConfigChanges(broker.cluster(), broker.topics(), settings);
        return List.of(
                new CreateTopicsHandler(broker, settings),
                new DeleteTopicsHandler(broker.topics(), broker.scheduler()),
                new CreatePartitionsHandler(broker),
                new DeleteRecordsHandler(broker.topics(), broker.partitions(), settings),
                new DescribeConfigsHandler(broker.cluster(), broker.topics(), settings),
                new AlterConfigsHandler(changes),
                new IncrementalAlterConfigsHandler(changes),
                new DescribeLogDirsHandler(broker.topics(), broker.storageEngines(), settings),
                new ListPartitionReassignmentsHandler());
    }
}
