package io.brokkr.plugin.groups;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Setting;
import java.time.Duration;
import java.util.List;

/** What the operator can set about groups, by the names that Kafka has for it. */
record GroupSettings(
        Duration minSessionTimeout,
        Duration maxSessionTimeout,
        Duration initialRebalanceDelay,
        int maxSize,
        Duration offsetRetention,
        Duration retentionCheckInterval,
        int maxMetadataLength,
        int topicPartitionCount,
        int topicReplicationFactor,
        int topicSegmentSizeInBytes,
        int loadSizeInBytes,
        Duration commitTimeout) {

    static final Setting<Duration> MIN_SESSION_TIMEOUT = Setting.millis(
            "group.min.session.timeout.ms",
            Duration.ofSeconds(6),
            "The shortest session time-out that a member of a group may ask for, in milliseconds.");

    static final Setting<Duration> MAX_SESSION_TIMEOUT = Setting.millis(
            "group.max.session.timeout.ms",
            Duration.ofMinutes(30),
            "The longest session time-out that a member of a group may ask for, in milliseconds.");

    static final Setting<Duration> INITIAL_REBALANCE_DELAY = Setting.millis(
            "group.initial.rebalance.delay.ms",
            Duration.ofMillis(500),
            "How long the first rebalance of an empty group waits for more members, in milliseconds, and again for as long after each wait that"
                    + " brought some, up to the rebalance time-out. Longer waits save rebalances where consumers take seconds to start; 0 does"
                    + " not wait. Apache Kafka's default is 3000.");

    static final Setting<Integer> MAX_SIZE = Setting.integer(
            "group.max.size", Integer.MAX_VALUE, 1, Integer.MAX_VALUE, "The most members that a group may have.");

    static final Setting<Integer> OFFSETS_RETENTION = Setting.integer(
            "offsets.retention.minutes",
            10080,
            1,
            Integer.MAX_VALUE,
            "How many minutes committed offsets are kept after their group became empty, or after their commit if the group has no"
                    + " members or no longer subscribes to the topic.");

    static final Setting<Long> RETENTION_CHECK_INTERVAL = Setting.number(
            "offsets.retention.check.interval.ms",
            600_000,
            1,
            Long.MAX_VALUE,
            "How often, in milliseconds, the broker looks for committed offsets that are past their time or whose topic is gone.");

    static final Setting<Integer> MAX_METADATA_LENGTH = Setting.integer(
            "offset.metadata.max.bytes",
            4096,
            0,
            Short.MAX_VALUE,
            "The longest note that a client may add to a committed offset.");

    static final Setting<Integer> TOPIC_PARTITIONS = Setting.integer(
            "offsets.topic.num.partitions",
            50,
            1,
            Integer.MAX_VALUE,
            "The number of partitions that __consumer_offsets is created with. It decides which partition a group's state lives in, and must not be"
                    + " changed afterwards.");

    static final Setting<Integer> TOPIC_REPLICATION_FACTOR = Setting.integer(
            "offsets.topic.replication.factor",
            NewTopic.DEFAULT,
            NewTopic.DEFAULT,
            Short.MAX_VALUE,
            "The number of replicas that __consumer_offsets is created with; -1 for the broker's default.");

    static final Setting<Integer> TOPIC_SEGMENT_SIZE = Setting.integer(
            "offsets.topic.segment.bytes",
            100 * 1024 * 1024,
            1024 * 1024,
            Integer.MAX_VALUE,
            "The segment size in bytes that __consumer_offsets is created with.");

    static final Setting<Integer> LOAD_SIZE = Setting.integer(
            "offsets.load.buffer.size",
            5 * 1024 * 1024,
            1,
            Integer.MAX_VALUE,
            "How many bytes are read at a time when the state of groups is read from __consumer_offsets.");

    static final Setting<Integer> COMMIT_TIMEOUT = Setting.integer(
            "offsets.commit.timeout.ms",
            5000,
            1,
            Integer.MAX_VALUE,
            "How long a group's request waits for its groups to be read or for its change to be safe, in milliseconds, before the client is told"
                    + " to try again.");

    static final List<Setting<?>> ALL = List.of(
            MIN_SESSION_TIMEOUT,
            MAX_SESSION_TIMEOUT,
            INITIAL_REBALANCE_DELAY,
            MAX_SIZE,
            OFFSETS_RETENTION,
            RETENTION_CHECK_INTERVAL,
            MAX_METADATA_LENGTH,
            TOPIC_PARTITIONS,
            TOPIC_REPLICATION_FACTOR,
            TOPIC_SEGMENT_SIZE,
            LOAD_SIZE,
            COMMIT_TIMEOUT);

    static GroupSettings of(Configuration configuration) {
        return new GroupSettings(
                configuration.get(MIN_SESSION_TIMEOUT),
                configuration.get(MAX_SESSION_TIMEOUT),
                configuration.get(INITIAL_REBALANCE_DELAY),
                configuration.get(MAX_SIZE),
                Duration.ofMinutes(configuration.get(OFFSETS_RETENTION)),
                Duration.ofMillis(configuration.get(RETENTION_CHECK_INTERVAL)),
                configuration.get(MAX_METADATA_LENGTH),
                configuration.get(TOPIC_PARTITIONS),
                configuration.get(TOPIC_REPLICATION_FACTOR),
                configuration.get(TOPIC_SEGMENT_SIZE),
                configuration.get(LOAD_SIZE),
                Duration.ofMillis(configuration.get(COMMIT_TIMEOUT)));
    }
}
