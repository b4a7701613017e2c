package io.brokkr.storage.tiered;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a log is read from the cold tier. Immutable, so that whoever looks at it sees all of it at one moment.
 *
 * @param startOffset where the log starts; of an empty part, its end
 * @param endOffset where the hot tier begins; what lies before it counts for nothing there. The log does not end before it
 * @param segments those with batches, ascending; each ends behind its last batch
 * @param isRewound whether the hot tier's batches are in a second log, see {@link HotLog}
 */
record ColdPart(long startOffset, long endOffset, List<LogSegment> segments, boolean isRewound) {

    /** As long as nothing was ever moved. */
    static final ColdPart NONE = new ColdPart(0, 0, List.of(), false);

    ColdPart {
        segments = List.copyOf(segments);
    }

    boolean isEmpty() {
        return startOffset == endOffset;
    }

    /** Behind the last batch; 0 if there is none. */
    long recordsEnd() {
        return segments.isEmpty() ? 0 : segments.get(segments.size() - 1).endOffset();
    }

    /** Whether what comes behind it would come behind the other, too. */
    boolean endsLike(ColdPart other) {
        return endOffset == other.endOffset && recordsEnd() == other.recordsEnd() && isRewound == other.isRewound;
    }

    /** Whether a batch may have the timestamp or a later one. */
    boolean reaches(long timestamp) {
        return segments.stream().anyMatch(segment -> segment.maxTimestamp() >= timestamp);
    }

    /**
     * With the segment behind it.
     *
     * @param logStart where the log starts, if the part is empty
     * @param moved where the segment begins, and what of it was copied
     * @param end where the next segment begins
     */
    ColdPart with(long logStart, LogSegment moved, long end) {
        List<LogSegment> all = new ArrayList<>(segments);
        if (moved.sizeInBytes() > 0) {
            all.add(moved);
        }
        return new ColdPart(isEmpty() ? logStart : startOffset, end, all, isRewound);
    }

    /** Without what lies before an offset; the segment that holds it is kept whole. */
    ColdPart trimmed(long offset) {
        if (offset >= endOffset) {
            return new ColdPart(offset, offset, List.of(), isRewound);
        }
        int first = 0;
        while (first + 1 < segments.size() && segments.get(first + 1).baseOffset() <= offset) {
            first++;
        }
        return new ColdPart(offset, endOffset, segments.subList(first, segments.size()), isRewound);
    }

    /** The segment in which a cut at an offset leaves some batches, and takes others away. */
    @Nullable
    LogSegment segmentCutAt(long offset) {
        return segments.stream()
                .filter(segment -> segment.baseOffset() < offset && segment.endOffset() > offset)
                .findFirst()
                .orElse(null);
    }

    /**
     * Without what lies behind an offset, and with the batches behind that in the second log of the hot tier.
     *
     * @param cut what is left of the segment that is cut; null if none is
     */
    ColdPart rewound(long offset, @Nullable LogSegment cut) {
        List<LogSegment> left = new ArrayList<>(segments.stream()
                .filter(segment -> segment.endOffset() <= offset)
                .toList());
        if (cut != null && cut.sizeInBytes() > 0) {
            left.add(cut);
        }
        return new ColdPart(startOffset, offset, left, true);
    }

    /**
     * The log's segments, without gaps between them.
     *
     * @param hot those of the hot tier, one at least
     */
    List<LogSegment> before(List<LogSegment> hot) {
        List<LogSegment> all = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            LogSegment segment = segments.get(i);
            long next = i + 1 < segments.size() ? segments.get(i + 1).baseOffset() : endOffset;
            all.add(new LogSegment(segment.baseOffset(), next, segment.sizeInBytes(), segment.maxTimestamp()));
        }
        long base = segments.isEmpty() ? firstBase(hot.get(0)) : endOffset;
        for (int i = 0; i < hot.size(); i++) {
            LogSegment segment = hot.get(i);
            boolean counts = segment.endOffset() > endOffset;
            if (counts || i == hot.size() - 1) {
                long end = Math.max(segment.endOffset(), endOffset);
                all.add(new LogSegment(
                        base,
                        end,
                        counts ? segment.sizeInBytes() : 0,
                        counts ? segment.maxTimestamp() : RecordBatch.NO_TIMESTAMP));
                base = end;
            }
        }
        return all;
    }

    private long firstBase(LogSegment hot) {
        return isEmpty() ? hot.baseOffset() : startOffset;
    }
}
