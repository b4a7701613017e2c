package io.brokkr.core;

import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.core.dispatch.ApiRegistry;
import io.brokkr.core.partition.PartitionRegistry;
import io.brokkr.core.topic.TopicRegistry;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.StorageEngine;
import java.util.List;
import java.util.Map;

/** What an API plugin gets. */
record Services(
        SingleBrokerCluster cluster,
        TopicRegistry topics,
        PartitionRegistry partitions,
        LoadedConfiguration configuration,
        Scheduler scheduler,
        Clock clock,
        Metrics metrics,
        ApiRegistry registry,
        MetadataStore metadataStore,
        Map<String, StorageEngine> storageEngines,
        Map<Compression, CompressionCodec> compressionCodecs,
        Events events)
        implements BrokerServices {

    /** The same with other ways to time and to count. */
    Services with(Scheduler ownScheduler, Metrics ownMetrics) {
        return new Services(
                cluster,
                topics,
                partitions,
                configuration,
                ownScheduler,
                clock,
                ownMetrics,
                registry,
                metadataStore,
                storageEngines,
                compressionCodecs,
                events);
    }

    @Override
    public List<Api<?>> apis() {
        return registry.apis();
    }
}
