package io.brokkr.core;

import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.core.dispatch.ApiRegistry;
import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.core.partition.PartitionRegistry;
import io.brokkr.core.topic.TopicRegistry;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginMetrics;
import io.brokkr.pluginhost.PluginScheduler;
import io.brokkr.pluginhost.StopSteps;
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
    private Services with(Scheduler ownScheduler, Metrics ownMetrics) {
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

    /** The same for a plugin, whose tasks and gauges end with it. */
    Services of(HostedPlugin plugin, MetricsRegistry registry, StopSteps stopSteps) {
        PluginScheduler ownScheduler = new PluginScheduler(scheduler, plugin);
        PluginMetrics ownMetrics = new PluginMetrics(registry, registry::removeGauge);
        stopSteps.add("the tasks of the plugin " + plugin.id(), () -> {
            ownScheduler.end();
            ownMetrics.end();
        });
        return with(ownScheduler, ownMetrics);
    }

    @Override
    public List<Api<?>> apis() {
        return registry.apis();
    }
}
