package io.brokkr.spi;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
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

    /** Where what happens is told to {@link BrokerEventListener}s. */
    BrokerEvents events();

    /** The APIs that are served at this moment, in the order of their keys: the truth that ApiVersions tells. */
    List<Api<?>> apis();

    /** Small durable facts under keys: ids, counters, credentials. */
    MetadataStore metadataStore();

    /** The open storage engines by their name. */
    Map<String, StorageEngine> storageEngines();

    /**
     * What opens and makes compressed records, by format; immutable. A format for which no plugin has a codec is not in it, and {@link Compression#NONE} never is: whoever
     * would have to open records of such a format answers {@code UNSUPPORTED_COMPRESSION_TYPE}. Codecs work on the thread that calls them, and take its time:
     * call them on {@link Scheduler#blocking}, never on an event loop.
     */
    Map<Compression, CompressionCodec> compressionCodecs();
}
