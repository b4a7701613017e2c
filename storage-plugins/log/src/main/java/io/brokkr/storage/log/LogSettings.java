package io.brokkr.storage.log;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.TopicSetting.BrokerName;
import java.time.Duration;
import java.util.List;

/**
 * The values of the engine's settings for one topic. The settings have the names, units and defaults that they have in Kafka.
 *
 * @param segmentBytes the size from which on a segment is not written any more
 * @param segmentMillis the age, likewise
 * @param segmentJitterMillis by how much less it is at most, for a segment or another
 * @param indexIntervalBytes how many bytes of log go without an index entry
 * @param indexBytes the size of an index from which on its segment is not written any more
 * @param flushMessages how many records may be appended without a sync
 * @param flushMillis how long a record may stay without a sync; {@link Long#MAX_VALUE} for ever
 */
record LogSettings(
        int segmentBytes,
        long segmentMillis,
        long segmentJitterMillis,
        int indexIntervalBytes,
        int indexBytes,
        long flushMessages,
        long flushMillis) {

    /** The smallest that Kafka ever took. */
    private static final int LEAST_SEGMENT_BYTES = 14;

    static final TopicSetting<Integer> SEGMENT_BYTES = TopicSetting.of(
            Setting.integer(
                    "segment.bytes",
                    1 << 30,
                    LEAST_SEGMENT_BYTES,
                    Integer.MAX_VALUE,
                    "The size in bytes at which a log begins a new segment. Retention deletes whole segments: smaller ones go"
                            + " earlier, and mean more files."),
            "log.segment.bytes");

    static final TopicSetting<Duration> SEGMENT_MS = TopicSetting.of(
            Setting.millis(
                    "segment.ms",
                    Duration.ofDays(7),
                    "The age in milliseconds at which a log begins a new segment with the next append, even if the old one is small."
                            + " The age is the span from the first record's timestamp to that of the record to append. In a compacted topic it ends with"
                            + " its age, also if there is no append."),
            List.of(
                    BrokerName.same("log.roll.ms"),
                    new BrokerName("log.roll.hours", Duration.ofHours(1).toMillis())));

    static final TopicSetting<Duration> SEGMENT_JITTER_MS = TopicSetting.of(
            Setting.millis(
                    "segment.jitter.ms",
                    Duration.ZERO,
                    "By how many milliseconds less than segment.ms says a segment may become old at most. It is another number for each segment, so that logs"
                            + " that were begun together do not all begin new segments together."),
            List.of(
                    BrokerName.same("log.roll.jitter.ms"),
                    new BrokerName("log.roll.jitter.hours", Duration.ofHours(1).toMillis())));

    static final TopicSetting<Integer> INDEX_INTERVAL_BYTES = TopicSetting.of(
            Setting.integer(
                    "index.interval.bytes",
                    4096,
                    0,
                    Integer.MAX_VALUE,
                    "How many bytes of a log lie between two entries of its index. Fewer make reads jump closer, and the index larger."),
            "log.index.interval.bytes");

    static final TopicSetting<Integer> SEGMENT_INDEX_BYTES = TopicSetting.of(
            Setting.integer(
                    "segment.index.bytes",
                    10 << 20,
                    4,
                    Integer.MAX_VALUE,
                    "The largest size of an index file in bytes; a log begins a new segment before it is exceeded. Unlike Kafka, the"
                            + " engine does not reserve this space."),
            "log.index.size.max.bytes");

    static final TopicSetting<Long> FLUSH_MESSAGES = TopicSetting.of(
            Setting.number(
                    "flush.messages",
                    Long.MAX_VALUE,
                    1,
                    Long.MAX_VALUE,
                    "After how many records a log is synced although nobody waits for it. Topics whose durability is «synced» do not need it."),
            "log.flush.interval.messages");

    static final TopicSetting<Duration> FLUSH_MS = TopicSetting.of(
            Setting.millis(
                    "flush.ms",
                    Duration.ofMillis(Long.MAX_VALUE),
                    "After how many milliseconds a record is synced although nobody waits for it. Topics whose durability is «synced» do not"
                            + " need it."),
            "log.flush.interval.ms");

    static final TopicSetting<Boolean> PREALLOCATE = TopicSetting.of(
            Setting.flag(
                    "preallocate",
                    false,
                    "Accepted for the sake of Kafka's tools; it has no effect: segments grow as they are written."),
            "log.preallocate");

    static final TopicSetting<Duration> FILE_DELETE_DELAY_MS = TopicSetting.of(
            Setting.millis(
                    "file.delete.delay.ms",
                    Duration.ofMinutes(1),
                    "Accepted for the sake of Kafka's tools; it has no effect: a reader keeps a deleted file for as long as it reads it."),
            "log.segment.delete.delay.ms");

    static final List<TopicSetting<?>> ALL = List.of(
            SEGMENT_BYTES,
            SEGMENT_MS,
            SEGMENT_JITTER_MS,
            INDEX_INTERVAL_BYTES,
            SEGMENT_INDEX_BYTES,
            FLUSH_MESSAGES,
            FLUSH_MS,
            PREALLOCATE,
            FILE_DELETE_DELAY_MS);

    static LogSettings of(Configuration configuration) {
        return new LogSettings(
                configuration.get(SEGMENT_BYTES),
                configuration.get(SEGMENT_MS).toMillis(),
                configuration.get(SEGMENT_JITTER_MS).toMillis(),
                configuration.get(INDEX_INTERVAL_BYTES),
                configuration.get(SEGMENT_INDEX_BYTES),
                configuration.get(FLUSH_MESSAGES),
                configuration.get(FLUSH_MS).toMillis());
    }
}
