package io.brokkr.plugin.compaction;

import io.brokkr.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring segments that become one.
 *
 * @param baseOffset where the first one begins
 * @param endOffset where the last one ends
 * @param sizeInBytes what they take together
 * @param segmentCount how many they are
 */
record SegmentGroup(long baseOffset, long endOffset, long sizeInBytes, int segmentCount) {

    /**
     * Puts segments together as long as a group is not larger than a segment of the topic, and its offsets can be counted from its base in 31 bits.
     *
     * @param segments all finished ones, in ascending order
     * @param endOffset those that begin there or behind it are left out
     */
    static List<SegmentGroup> of(List<LogSegment> segments, long endOffset, long maximumSizeInBytes) {
        List<SegmentGroup> groups = new ArrayList<>();
        for (LogSegment segment : segments) {
            if (segment.baseOffset() >= endOffset) {
                break;
            }
            SegmentGroup last = groups.isEmpty() ? null : groups.get(groups.size() - 1);
            if (last != null && last.takes(segment, maximumSizeInBytes)) {
                groups.set(groups.size() - 1, last.with(segment));
            } else {
                groups.add(new SegmentGroup(segment.baseOffset(), segment.endOffset(), segment.sizeInBytes(), 1));
            }
        }
        return groups;
    }

    private boolean takes(LogSegment segment, long maximumSizeInBytes) {
        return sizeInBytes + segment.sizeInBytes() <= maximumSizeInBytes
                && segment.endOffset() - baseOffset <= Integer.MAX_VALUE;
    }

    private SegmentGroup with(LogSegment segment) {
        return new SegmentGroup(baseOffset, segment.endOffset(), sizeInBytes + segment.sizeInBytes(), segmentCount + 1);
    }
}
