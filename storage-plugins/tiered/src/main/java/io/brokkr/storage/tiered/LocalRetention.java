package io.brokkr.storage.tiered;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogSegment;
import java.util.List;

/**
 * Which segments leave the hot tier, from the oldest on: those whose newest record is older than the limit, and those without which the tier still has its size. The one that
 * is being written stays, and so do records without timestamps, as far as their age is concerned. What {@code retention.ms} and {@code retention.bytes} say is retention's business, which
 * comes first where they are the limit here, too.
 *
 * @param millis negative for no limit
 * @param bytes negative for no limit
 */
record LocalRetention(long millis, long bytes) {

    static LocalRetention of(Configuration topic) {
        return new LocalRetention(
                topic.get(TieredSettings.LOCAL_RETENTION_MS), topic.get(TieredSettings.LOCAL_RETENTION_BYTES));
    }

    /**
     * How many of the segments are due.
     *
     * @param hot all segments of the hot tier, one at least
     * @param now epoch milliseconds
     */
    int due(List<LogSegment> hot, long now) {
        long left = hot.stream().mapToLong(LogSegment::sizeInBytes).sum();
        int due = 0;
        for (LogSegment segment : hot.subList(0, hot.size() - 1)) {
            left -= segment.sizeInBytes();
            boolean tooMuch = bytes >= 0 && left >= bytes;
            if (!tooMuch && !isOld(segment, now)) {
                break;
            }
            due++;
        }
        return due;
    }

    private boolean isOld(LogSegment segment, long now) {
        return millis >= 0 && segment.maxTimestamp() >= 0 && now - segment.maxTimestamp() > millis;
    }
}
