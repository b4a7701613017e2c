package io.brokkr.storage.tiered;

import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import java.time.Duration;

/** What the operator decides. The settings of topics have the names that they have in Kafka. */
final class TieredSettings {

    static final Setting<String> HOT_ENGINE = Setting.text(
            "tiered.hot.engine",
            "log",
            "The storage engine that the engine «tiered» writes to, and keeps new records in.");

    static final Setting<String> COLD_ENGINE = Setting.text(
            "tiered.cold.engine",
            null,
            "The storage engine that the engine «tiered» moves old records to. Without one it keeps no topics.");

    static final Setting<Duration> CHECK_INTERVAL = Setting.millis(
            "tiered.check.interval.ms",
            Duration.ofSeconds(30),
            "How long after a look for segments that are to be moved to the cold tier, and their moves, the next one begins, in milliseconds.");

    static final TopicSetting<Long> LOCAL_RETENTION_MS = TopicSetting.of(
            Setting.number(
                    "local.retention.ms",
                    -2,
                    -2,
                    Long.MAX_VALUE,
                    "How many milliseconds after its newest record a full segment of a topic of the engine «tiered» moves to the cold tier. -2: as long as"
                            + " retention.ms, and -1: without a limit, so that age moves none."),
            "log.local.retention.ms");

    static final TopicSetting<Long> LOCAL_RETENTION_BYTES = TopicSetting.of(
            Setting.number(
                    "local.retention.bytes",
                    -2,
                    -2,
                    Long.MAX_VALUE,
                    "How many bytes of a partition's log stay in the hot tier of the engine «tiered»: older full segments move to the cold tier. -2: as many as"
                            + " retention.bytes, and -1: without a limit, so that size moves none."),
            "log.local.retention.bytes");

    private TieredSettings() {}
}
