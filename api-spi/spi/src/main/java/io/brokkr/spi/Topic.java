package io.brokkr.spi;

import java.util.Map;
import java.util.UUID;

/** A topic as it stood when it was looked up. Immutable. */
public interface Topic {

    /** The name: 1 to 249 characters of {@code a-z A-Z 0-9 . _ -}. */
    String name();

    /** The id, which a topic of the same name that is created later does not share (KIP-516). */
    UUID id();

    /** The number of partitions, 1 or more; their indexes begin at 0. */
    int partitionCount();

    /** Whether the topic is the broker's own, such as {@code __consumer_offsets}: clients may read it and not write it. */
    boolean internal();

    /** The name of the storage engine that keeps the logs. */
    String storageEngine();

    /** The epoch of the leadership of each partition; it grows when the leader changes. */
    int leaderEpoch(int partition);

    /** The settings that were given for this topic, as they were written. */
    Map<String, String> overrides();

    /** The settings in force: the topic's own, else the broker's, else the default. */
    Configuration configuration();
}
