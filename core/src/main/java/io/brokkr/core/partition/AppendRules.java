package io.brokkr.core.partition;

import io.brokkr.core.topic.CleanupPolicy;
import io.brokkr.core.topic.TopicSettings;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.TimestampType;
import io.brokkr.spi.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a topic that every append asks for, looked up once.
 *
 * @param maxBatchBytes the largest batch, in bytes
 * @param compression of the batches that are stored, null for that of their producers
 * @param compacted whether every record needs a key
 * @param maxMillisBefore how far a producer's timestamp may lie before now
 * @param maxMillisAfter how far it may lie after now
 * @param synced whether records are committed when the device has them, else when the engine has them
 */
record AppendRules(
        int maxBatchBytes,
        @Nullable Compression compression,
        boolean compacted,
        TimestampType timestampType,
        long maxMillisBefore,
        long maxMillisAfter,
        boolean synced) {

    static AppendRules of(Configuration topic) {
        return new AppendRules(
                topic.get(TopicSettings.MAX_MESSAGE_BYTES),
                topic.get(TopicSettings.COMPRESSION_TYPE).orElse(null),
                topic.get(TopicSettings.CLEANUP_POLICY).contains(CleanupPolicy.COMPACT),
                topic.get(TopicSettings.MESSAGE_TIMESTAMP_TYPE),
                topic.get(TopicSettings.MESSAGE_TIMESTAMP_BEFORE_MAX_MS),
                topic.get(TopicSettings.MESSAGE_TIMESTAMP_AFTER_MAX_MS),
                topic.get(TopicSettings.DURABILITY) == TopicSettings.DurabilityLevel.SYNCED);
    }

    /** Whether a header does not say all that has to be known of a batch. */
    boolean askForEachRecord() {
        return compacted || maxMillisBefore != Long.MAX_VALUE;
    }
}
