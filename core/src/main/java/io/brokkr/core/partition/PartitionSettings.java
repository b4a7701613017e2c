package io.brokkr.core.partition;

import io.brokkr.spi.Setting;
import java.time.Duration;
import java.util.List;

/** The settings of the broker that concern all partitions. */
public final class PartitionSettings {

    /** How often retention looks. */
    public static final Setting<Duration> RETENTION_CHECK_INTERVAL = Setting.millis(
            "log.retention.check.interval.ms",
            Duration.ofMinutes(5),
            "How long after a look for records that may be deleted the next one begins, in milliseconds.");

    /** How long silent producers are remembered. */
    public static final Setting<Duration> PRODUCER_ID_EXPIRATION = Setting.millis(
            "producer.id.expiration.ms",
            Duration.ofDays(1),
            "How long an idempotent producer that writes nothing is remembered, in milliseconds: that long its repeated batches are recognised.");

    /** How much memory there is for what interceptors make of reads. */
    public static final Setting<Long> FETCH_INTERCEPTION_MEMORY = Setting.number(
            "fetch.interception.memory.bytes",
            64 << 20,
            0,
            Long.MAX_VALUE,
            "From how much memory on for what interceptors made of fetched records and is not sent yet, in bytes, over all connections, a fetch of such topics gets one batch and no more.");

    private PartitionSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(RETENTION_CHECK_INTERVAL, PRODUCER_ID_EXPIRATION, FETCH_INTERCEPTION_MEMORY);
    }
}
