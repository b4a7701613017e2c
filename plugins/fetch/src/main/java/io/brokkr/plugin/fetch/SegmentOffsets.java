package io.brokkr.plugin.fetch;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Partition;
import io.brokkr.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What ListOffsets version 0 asks for: offsets at which segments begin, the newest first, before a time. The end of what consumers see is the newest of them.
 *
 * <p>As in Apache Kafka, but that the time of a segment is the largest timestamp in it rather than that of its file; a segment without timestamps counts as older than
 * any time.
 */
final class SegmentOffsets {

    private static final long LATEST = -1;
    private static final long EARLIEST = -2;

    private SegmentOffsets() {}

    /**
     * The offsets, in descending order.
     *
     * @param timestamp epoch milliseconds, -1 for the end and what lies before it, -2 for the start alone
     * @param most how many are wanted, the newest of those before the time
     * @param now epoch milliseconds
     */
    static List<Long> before(Partition partition, long timestamp, int most, long now) {
        if (timestamp < EARLIEST) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_VERSION, "there is no offset that the timestamp " + timestamp + " names");
        }
        List<Long> offsets = offsetsBefore(partition, timestamp, now);
        Collections.reverse(offsets);
        return offsets.size() <= most ? offsets : List.copyOf(offsets.subList(0, Math.max(0, most)));
    }

    private static List<Long> offsetsBefore(Partition partition, long timestamp, long now) {
        long end = partition.highWatermark();
        List<Long> offsets = new ArrayList<>();
        List<LogSegment> segments = partition.segments();
        // What stands behind the last one that was written before the time was written later, whatever its timestamps
        // say.
        boolean all = timestamp == LATEST || timestamp >= now;
        int last = timestamp == EARLIEST ? 0 : segments.size() - 1;
        while (!all && timestamp >= 0 && last >= 0 && segments.get(last).maxTimestamp() > timestamp) {
            last--;
        }
        for (LogSegment segment : segments.subList(0, last + 1)) {
            long base = Math.max(segment.baseOffset(), partition.logStartOffset());
            if (base < end || offsets.isEmpty()) {
                offsets.add(Math.min(base, end));
            }
        }
        boolean lacksEnd = offsets.isEmpty() || offsets.get(offsets.size() - 1) < end;
        if (all && lacksEnd) {
            offsets.add(end);
        }
        return offsets;
    }
}
