package io.brokkr.spi.storage.simple;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From where to where a log reaches, and its segments, without gaps between them. Immutable, so that whoever asks for it sees all of it at one moment.
 *
 * @param segments never empty
 */
record Extent(long startOffset, long endOffset, List<LogSegment> segments) {

    /** Stretches each segment to where the next one begins. */
    static Extent of(StoredLog log) {
        List<LogSegment> found = log.segments();
        if (found.isEmpty()) {
            LogSegment empty = new LogSegment(log.startOffset(), log.endOffset(), 0, RecordBatch.NO_TIMESTAMP);
            return new Extent(log.startOffset(), log.endOffset(), List.of(empty));
        }
        long end = Math.max(log.endOffset(), found.get(found.size() - 1).endOffset());
        List<LogSegment> stretched = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            LogSegment segment = found.get(i);
            long next = i + 1 < found.size() ? found.get(i + 1).baseOffset() : end;
            stretched.add(new LogSegment(segment.baseOffset(), next, segment.sizeInBytes(), segment.maxTimestamp()));
        }
        return new Extent(log.startOffset(), end, List.copyOf(stretched));
    }

    private LogSegment last() {
        return segments.get(segments.size() - 1);
    }

    long sizeInBytes() {
        return segments.stream().mapToLong(LogSegment::sizeInBytes).sum();
    }

    /** Where the segment begins that the next batch belongs to: the last one, or, if that has its size, a new one. */
    long nextSegment(long segmentSizeInBytes) {
        return last().sizeInBytes() < segmentSizeInBytes ? last().baseOffset() : endOffset;
    }

    /** With one batch more. */
    Extent with(RecordBatch batch, long segment) {
        List<LogSegment> all = new ArrayList<>(segments);
        LogSegment before = new LogSegment(segment, segment, 0, RecordBatch.NO_TIMESTAMP);
        if (last().baseOffset() == segment) {
            before = all.remove(all.size() - 1);
        }
        all.add(new LogSegment(
                segment,
                batch.nextOffset(),
                before.sizeInBytes() + batch.sizeInBytes(),
                Math.max(before.maxTimestamp(), batch.maxTimestamp())));
        return new Extent(startOffset, batch.nextOffset(), List.copyOf(all));
    }

    /** Where the first segment begins that has the timestamp or a later one. */
    Optional<Long> findTimestamp(long timestamp) {
        return segments.stream()
                .filter(segment -> segment.sizeInBytes() > 0 && segment.maxTimestamp() >= timestamp)
                .findFirst()
                .map(segment -> Math.max(segment.baseOffset(), startOffset));
    }
}
