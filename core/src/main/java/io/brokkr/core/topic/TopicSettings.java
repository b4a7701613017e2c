package io.brokkr.core.topic;

import io.brokkr.pluginhost.Interceptors;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.TimestampType;
import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.TopicSetting.BrokerName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The settings of topics that work on every storage engine, and those with which the broker fills in the wish for a topic. */
public final class TopicSettings {

    private static final long UNLIMITED = -1;

    /** What {@code durability} can be. */
    public enum DurabilityLevel {
        /** The device has it. */
        SYNCED,
        /** The operating system has it. */
        WRITTEN
    }

    /** How many partitions a topic gets whose creator does not say. */
    public static final Setting<Integer> NUM_PARTITIONS = Setting.integer(
            "num.partitions",
            1,
            1,
            TopicRegistry.MAX_PARTITIONS,
            "The number of partitions of a topic whose creator does not say how many.");

    /** How many replicas a topic gets whose creator does not say. */
    public static final Setting<Integer> DEFAULT_REPLICATION_FACTOR = Setting.integer(
            "default.replication.factor",
            1,
            1,
            Short.MAX_VALUE,
            "The number of replicas of a topic whose creator does not say how many. It cannot exceed the number of brokers.");

    /** Which engine keeps the topic. */
    public static final TopicSetting<String> STORAGE_ENGINE = TopicSetting.of(
            Setting.text(
                    "storage.engine",
                    "log",
                    "The storage engine that keeps the topic's records. It is chosen when the topic is created and cannot be changed afterwards."),
            "storage.engine");

    /** What acknowledged means. */
    public static final TopicSetting<DurabilityLevel> DURABILITY = TopicSetting.of(
            Setting.constant(
                    "durability",
                    DurabilityLevel.SYNCED,
                    DurabilityLevel.class,
                    "synced: the answer to a producer leaves, and consumers see the records, when the storage device has them, so that they"
                            + " survive a loss of power. written: when the operating system has them, which is faster, survives the end of the"
                            + " broker's process, and loses the last seconds with the machine; a single Apache Kafka broker works like this."),
            "log.durability");

    /** Whether old records are deleted. */
    public static final TopicSetting<Set<CleanupPolicy>> CLEANUP_POLICY = TopicSetting.of(
            new Setting<>(
                    "cleanup.policy",
                    Setting.Type.LIST,
                    "delete",
                    "delete: records are deleted by age (retention.ms) and by size (retention.bytes). compact: the last record of each key is kept,"
                            + " and those before it are taken out by the plugin «compaction»; records without a key are refused. Both can be"
                            + " given with a comma between them. Nothing: all records are kept for ever.",
                    CleanupPolicy::parse),
            "log.cleanup.policy");

    /** How old records may become, in milliseconds; -1 for no limit. */
    public static final TopicSetting<Long> RETENTION_MS = TopicSetting.of(
            Setting.number(
                    "retention.ms",
                    7L * 24 * 60 * 60 * 1000,
                    UNLIMITED,
                    Long.MAX_VALUE,
                    "How long records are kept at least, in milliseconds; -1 for no limit. They are deleted a segment at a time."),
            List.of(
                    BrokerName.same("log.retention.ms"),
                    new BrokerName("log.retention.minutes", 60_000),
                    new BrokerName("log.retention.hours", 3_600_000)));

    /** How large a partition may become, in bytes; -1 for no limit. */
    public static final TopicSetting<Long> RETENTION_BYTES = TopicSetting.of(
            Setting.number(
                    "retention.bytes",
                    UNLIMITED,
                    UNLIMITED,
                    Long.MAX_VALUE,
                    "How many bytes of each partition are kept at least before the oldest segment is deleted; -1 for no limit."),
            "log.retention.bytes");

    /** The largest batch in bytes. */
    public static final TopicSetting<Integer> MAX_MESSAGE_BYTES = TopicSetting.of(
            Setting.integer(
                    "max.message.bytes",
                    1_048_588,
                    0,
                    Integer.MAX_VALUE,
                    "The largest record batch that is accepted, in bytes, as it arrives, that is compressed if it is."),
            "message.max.bytes");

    /** How batches are compressed when they are stored; empty: as their producers did it, so that nothing has to be opened. */
    public static final TopicSetting<Optional<Compression>> COMPRESSION_TYPE = TopicSetting.of(
            new Setting<>(
                    "compression.type",
                    Setting.Type.STRING,
                    "producer",
                    "producer: batches are kept as they arrive. uncompressed, gzip, snappy, lz4, zstd: batches that arrive otherwise are"
                            + " compressed anew, which costs time and needs the compression plugin.",
                    TopicSettings::compression),
            "compression.type");

    /** Whose timestamps records have. */
    public static final TopicSetting<TimestampType> MESSAGE_TIMESTAMP_TYPE = TopicSetting.of(
            new Setting<>(
                    "message.timestamp.type",
                    Setting.Type.STRING,
                    "CreateTime",
                    "CreateTime: records keep the timestamps of their producers. LogAppendTime: they get the time of their arrival.",
                    TopicSettings::timestampType),
            "log.message.timestamp.type");

    /** How far behind the broker's clock a producer's timestamp may be, in milliseconds. */
    public static final TopicSetting<Long> MESSAGE_TIMESTAMP_BEFORE_MAX_MS = TopicSetting.of(
            Setting.number(
                    "message.timestamp.before.max.ms",
                    Long.MAX_VALUE,
                    0,
                    Long.MAX_VALUE,
                    "How far a record's timestamp may lie before the broker's time, in milliseconds. Without effect for LogAppendTime."),
            "log.message.timestamp.before.max.ms");

    /** How far ahead of the broker's clock a producer's timestamp may be, in milliseconds. */
    public static final TopicSetting<Long> MESSAGE_TIMESTAMP_AFTER_MAX_MS = TopicSetting.of(
            Setting.number(
                    "message.timestamp.after.max.ms",
                    60L * 60 * 1000,
                    0,
                    Long.MAX_VALUE,
                    "How far a record's timestamp may lie after the broker's time, in milliseconds. Without effect for LogAppendTime."),
            "log.message.timestamp.after.max.ms");

    private TopicSettings() {}

    /** All of them, also those that are accepted for the sake of Kafka's tools. */
    public static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(List.of(
                NUM_PARTITIONS,
                DEFAULT_REPLICATION_FACTOR,
                STORAGE_ENGINE,
                DURABILITY,
                CLEANUP_POLICY,
                RETENTION_MS,
                RETENTION_BYTES,
                MAX_MESSAGE_BYTES,
                COMPRESSION_TYPE,
                MESSAGE_TIMESTAMP_TYPE,
                MESSAGE_TIMESTAMP_BEFORE_MAX_MS,
                MESSAGE_TIMESTAMP_AFTER_MAX_MS));
        all.addAll(Interceptors.SETTINGS);
        all.addAll(SettingsWithoutEffect.all());
        return List.copyOf(all);
    }

    private static Optional<Compression> compression(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "producer" -> Optional.empty();
            case "uncompressed" -> Optional.of(Compression.NONE);
            case "gzip" -> Optional.of(Compression.GZIP);
            case "snappy" -> Optional.of(Compression.SNAPPY);
            case "lz4" -> Optional.of(Compression.LZ4);
            case "zstd" -> Optional.of(Compression.ZSTD);
            default -> throw new IllegalArgumentException("producer, uncompressed, gzip, snappy, lz4 or zstd");
        };
    }

    private static TimestampType timestampType(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "createtime" -> TimestampType.CREATE_TIME;
            case "logappendtime" -> TimestampType.LOG_APPEND_TIME;
            default -> throw new IllegalArgumentException("CreateTime or LogAppendTime");
        };
    }
}
