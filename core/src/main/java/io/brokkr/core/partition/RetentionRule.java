package io.brokkr.core.partition;

import io.brokkr.core.topic.CleanupPolicy;
import io.brokkr.core.topic.TopicSettings;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogSegment;
import java.util.List;

/**
 * How much of a log may be forgotten, a segment at a time from the front.
 *
 * <p>As in Kafka: by time goes a segment of which every record is older than the limit, the last one included; by size goes a segment without which
 * the log still has the limit. What is not committed stays. Records without timestamps never grow old.
 *
 * @param millis how long records are kept, negative for no limit
 * @param bytes how much is kept, negative for no limit
 */
record RetentionRule(long millis, long bytes) {

    static final RetentionRule KEEP_ALL = new RetentionRule(-1, -1);

    static RetentionRule of(Configuration topic) {
        return topic.get(TopicSettings.CLEANUP_POLICY).contains(CleanupPolicy.DELETE)
                ? new RetentionRule(topic.get(TopicSettings.RETENTION_MS), topic.get(TopicSettings.RETENTION_BYTES))
                : KEEP_ALL;
    }

    /** Where the log is to begin. */
    long startOffset(List<LogSegment> segments, long startOffset, long highWatermark, long now) {
        long size = segments.stream().mapToLong(LogSegment::sizeInBytes).sum();
        long start = startOffset;
        for (LogSegment segment : segments) {
            boolean tooMuch = bytes >= 0 && size - segment.sizeInBytes() >= bytes;
            boolean empty = segment.endOffset() <= segment.baseOffset();
            if (empty || segment.endOffset() > highWatermark || !(tooMuch || isExpired(segment, now))) {
                break;
            }
            start = Math.max(start, segment.endOffset());
            size -= segment.sizeInBytes();
        }
        return start;
    }

    private boolean isExpired(LogSegment segment, long now) {
        return millis >= 0 && segment.maxTimestamp() >= 0 && now - segment.maxTimestamp() > millis;
    }

    /** When a log that nobody writes is to be looked at again; {@link Long#MAX_VALUE} for never. */
    long nextLook(List<LogSegment> segments) {
        LogSegment oldest = segments.get(0);
        boolean never = millis < 0 || oldest.maxTimestamp() < 0 || millis >= Long.MAX_VALUE - oldest.maxTimestamp();
        return never ? Long.MAX_VALUE : oldest.maxTimestamp() + millis + 1;
    }
}
