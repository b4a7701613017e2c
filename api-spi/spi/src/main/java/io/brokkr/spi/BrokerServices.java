package io.brokkr.spi;

import io.brokkr.protocol.Api;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.StorageEngine;
import java.util.List;
import java.util.Map;

/** The services of the broker, all thread-safe and valid until the plugin that got them is closed. */
public interface BrokerServices {

    /** Who this broker is and who belongs to its cluster. */
    Cluster cluster();

    /** The topics: look up, create, change, delete. */
    Topics topics();

    /** The partitions: append, read, wait. */
    Partitions partitions();

    /** The broker's configuration. */
    BrokerConfiguration configuration();

    /** Timers, and the threads for work that blocks. */
    Scheduler scheduler();

    /** The wall clock; never {@link System#currentTimeMillis}, so that tests can turn it. */
    Clock clock();

    /** Counters and gauges for the operator. */
    Metrics metrics();

    /** The APIs that are served at this moment, in the order of their keys: the truth that ApiVersions tells. */
    List<Api<?>> apis();

    /** Small durable facts under keys: ids, counters, credentials. */
    MetadataStore metadataStore();

    /** The open storage engines by their name. */
    Map<String, StorageEngine> storageEngines();
}
