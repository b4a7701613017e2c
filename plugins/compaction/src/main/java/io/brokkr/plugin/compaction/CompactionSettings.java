package io.brokkr.plugin.compaction;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What the operator can set, under Apache Kafka's names.
 *
 * @param enabled whether anything is compacted
 * @param backoff how long nothing is looked at after all logs were
 * @param keyMapSizeInBytes what the map of keys takes while a log is compacted
 * @param bytesPerSecond how much is read and written together
 */
record CompactionSettings(boolean enabled, Duration backoff, int keyMapSizeInBytes, double bytesPerSecond) {

    static final TopicSetting<Long> DELETE_RETENTION = TopicSetting.of(
            Setting.number(
                    "delete.retention.ms",
                    86_400_000L,
                    0,
                    Long.MAX_VALUE,
                    "How long the mark of a deletion (a record without a value) stays in a compacted topic, in milliseconds, counted from when it was"
                            + " first compacted: whoever reads from the beginning has so long to see it."),
            "log.cleaner.delete.retention.ms");

    static final TopicSetting<Long> MIN_LAG = TopicSetting.of(
            Setting.number(
                    "min.compaction.lag.ms",
                    0,
                    0,
                    Long.MAX_VALUE,
                    "How old a record of a compacted topic becomes at least before a newer one takes its place, in milliseconds. It is counted for"
                            + " whole segments, from their newest record."),
            "log.cleaner.min.compaction.lag.ms");

    static final TopicSetting<Long> MAX_LAG = TopicSetting.of(
            Setting.number(
                    "max.compaction.lag.ms",
                    Long.MAX_VALUE,
                    1,
                    Long.MAX_VALUE,
                    "How old a record of a compacted topic may become before its segment is compacted whatever the dirty ratio is, in milliseconds."
                            + " It ends the segment that is being written, too, also when nobody appends."),
            "log.cleaner.max.compaction.lag.ms");

    static final TopicSetting<Double> MIN_DIRTY_RATIO = TopicSetting.of(
            new Setting<>(
                    "min.cleanable.dirty.ratio",
                    Setting.Type.DOUBLE,
                    "0.5",
                    "A log is compacted when the part of its finished segments that was not compacted yet, in bytes, exceeds this.",
                    number(0, 1, "a number from 0 to 1")),
            "log.cleaner.min.cleanable.ratio");

    static final Setting<Boolean> ENABLE = Setting.flag(
            "log.cleaner.enable", true, "Whether topics with cleanup.policy=compact are compacted at all.");

    static final Setting<Duration> BACKOFF = Setting.millis(
            "log.cleaner.backoff.ms",
            Duration.ofSeconds(15),
            "How long compaction rests after it has looked at all logs that were due, in milliseconds. A log to which nobody writes, and in which"
                    + " nothing is due, is looked at less and less often, once an hour in the end.");

    static final Setting<Integer> KEY_MAP_SIZE = Setting.integer(
            "log.cleaner.dedupe.buffer.size",
            16 << 20,
            1 << 20,
            Integer.MAX_VALUE,
            "The memory outside of the heap in which the newest offsets of keys are held while a log is compacted, in bytes: 32 for each key."
                    + " A log with more new keys is compacted in several runs.");

    static final Setting<Double> BYTES_PER_SECOND = new Setting<>(
            "log.cleaner.io.max.bytes.per.second",
            Setting.Type.DOUBLE,
            Double.toString(Double.MAX_VALUE),
            "How many bytes compaction reads and writes in a second at most, taken together.",
            number(1, Double.MAX_VALUE, "a number of bytes, 1 or more"));

    static final List<Setting<?>> OF_THE_BROKER = List.of(ENABLE, BACKOFF, KEY_MAP_SIZE, BYTES_PER_SECOND);

    static final List<TopicSetting<?>> OF_TOPICS = List.of(DELETE_RETENTION, MIN_LAG, MAX_LAG, MIN_DIRTY_RATIO);

    static CompactionSettings of(Configuration broker) {
        return new CompactionSettings(
                broker.get(ENABLE), broker.get(BACKOFF), broker.get(KEY_MAP_SIZE), broker.get(BYTES_PER_SECOND));
    }

    private static Function<String, Double> number(double least, double most, String expected) {
        return text -> {
            try {
                double value = Double.parseDouble(text);
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException notANumber) {
                // Falls through to the one sentence that tells both mistakes.
            }
            throw new IllegalArgumentException(expected);
        };
    }
}
