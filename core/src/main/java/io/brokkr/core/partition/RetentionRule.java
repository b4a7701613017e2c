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
 * the log still has the limit. What is not committed stays. A segment whose records have no timestamps is as old as the first one behind it whose
 * records have some; where there is none it does not grow old.
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
        for (int i = 0; i < segments.size(); i++) {
            LogSegment segment = segments.get(i);
            boolean tooMuch = bytes >= 0 && size - segment.sizeInBytes() >= bytes;
            boolean empty = segment.endOffset() <= segment.baseOffset();
            long newest = newest(segments.subList(i, segments.size()));
            if (empty || segment.endOffset() > highWatermark || !(tooMuch || isExpired(newest, now))) {
                break;
            }
            start = Math.max(start, segment.endOffset());
            size -= segment.sizeInBytes();
        }
        return start;
    }

    private boolean isExpired(long newest, long now) {
        return millis >= 0 && newest >= 0 && now - newest > millis;
    }

    /** The largest timestamp of the first of some segments, -1 if not even those behind it have any. */
    private static long newest(List<LogSegment> segments) {
        return segments.stream()
                .mapToLong(LogSegment::maxTimestamp)
                .filter(time -> time >= 0)
                .findFirst()
                .orElse(-1);
    }

    /** When a log that nobody writes is to be looked at again; {@link Long#MAX_VALUE} for never. */
    long nextLook(List<LogSegment> segments) {
        long newest = newest(segments);
        boolean never = millis < 0 || newest < 0 || millis >= Long.MAX_VALUE - newest;
        return never ? Long.MAX_VALUE : newest + millis + 1;
    }
}
