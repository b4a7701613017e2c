package io.brokkr.plugin.compaction;

import io.brokkr.spi.storage.LogSegment;
import java.util.List;

/**
 * How much of a log was compacted, how much can be, and whether it is worth it.
 *
 * @param startOffset the first offset that was not compacted
 * @param endOffset how far it can be: up to a finished segment's end
 * @param cleanBytes what the finished segments before take
 * @param dirtyBytes what those take that can be compacted
 * @param nextDueAt when the next finished segment is old enough, epoch milliseconds; {@link Long#MAX_VALUE} if there is none
 */
record DirtyRange(long startOffset, long endOffset, long cleanBytes, long dirtyBytes, long nextDueAt) {

    /**
     * Looks at the finished segments of a log.
     *
     * @param firstDirty what the log's {@link Progress} says
     * @param now epoch milliseconds
     */
    static DirtyRange of(List<LogSegment> finished, long logStart, long firstDirty, CompactionRule rule, long now) {
        long logEnd = finished.isEmpty()
                ? logStart
                : finished.get(finished.size() - 1).endOffset();
        // A log that ends before what was compacted is not the one it was.
        long start = firstDirty > logEnd ? logStart : Math.max(logStart, firstDirty);
        long end = start;
        long clean = 0;
        long dirty = 0;
        long nextDueAt = Long.MAX_VALUE;
        for (LogSegment segment : finished) {
            if (segment.endOffset() <= start) {
                clean += segment.sizeInBytes();
            } else if (segment.maxTimestamp() > now - rule.minLagMillis()) {
                nextDueAt = CompactionRule.plus(segment.maxTimestamp(), rule.minLagMillis());
                break;
            } else {
                dirty += segment.sizeInBytes();
                end = segment.endOffset();
            }
        }
        return new DirtyRange(start, end, clean, dirty, nextDueAt);
    }

    boolean isEmpty() {
        return endOffset <= startOffset;
    }

    /** Whether so much was not compacted that the topic wants it to be. */
    boolean isLarge(CompactionRule rule) {
        return !isEmpty() && (double) dirtyBytes / (cleanBytes + dirtyBytes) > rule.minDirtyRatio();
    }

    DirtyRange upTo(long offset) {
        return new DirtyRange(startOffset, Math.min(endOffset, offset), cleanBytes, dirtyBytes, nextDueAt);
    }
}
