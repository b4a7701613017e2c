package io.brokkr.spi.storage.simple;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From where to where a log reaches, and its segments, without gaps between them. Immutable, so that whoever asks for it sees all of it at one moment.
 *
 * @param finished the segments but the last one
 * @param last the one that is being written; apart from the others, so that an append does not copy them
 */
record Extent(long startOffset, long endOffset, List<LogSegment> finished, LogSegment last) {

    /** Stretches each segment to where the next one begins. */
    static Extent of(StoredLog log) {
        List<LogSegment> found = log.segments();
        if (found.isEmpty()) {
            LogSegment empty = new LogSegment(log.startOffset(), log.endOffset(), 0, RecordBatch.NO_TIMESTAMP);
            return new Extent(log.startOffset(), log.endOffset(), List.of(), empty);
        }
        long end = Math.max(log.endOffset(), found.get(found.size() - 1).endOffset());
        List<LogSegment> stretched = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            LogSegment segment = found.get(i);
            long next = i + 1 < found.size() ? found.get(i + 1).baseOffset() : end;
            stretched.add(new LogSegment(segment.baseOffset(), next, segment.sizeInBytes(), segment.maxTimestamp()));
        }
        LogSegment last = stretched.remove(stretched.size() - 1);
        return new Extent(log.startOffset(), end, List.copyOf(stretched), last);
    }

    /** All of them, never none. */
    List<LogSegment> segments() {
        return append(finished, last);
    }

    private static List<LogSegment> append(List<LogSegment> segments, LogSegment next) {
        List<LogSegment> all = new ArrayList<>(segments.size() + 1);
        all.addAll(segments);
        all.add(next);
        return List.copyOf(all);
    }

    long sizeInBytes() {
        return segments().stream().mapToLong(LogSegment::sizeInBytes).sum();
    }

    /** Where the segment begins that the next batch belongs to: the last one, or, if that has its size, a new one. */
    long nextSegment(long segmentSizeInBytes) {
        return last.sizeInBytes() < segmentSizeInBytes ? last.baseOffset() : endOffset;
    }

    /** With one batch more. */
    Extent with(RecordBatch batch, long segment) {
        boolean goesOn = last.baseOffset() == segment;
        LogSegment grown = new LogSegment(
                segment,
                batch.nextOffset(),
                (goesOn ? last.sizeInBytes() : 0) + batch.sizeInBytes(),
                goesOn ? Math.max(last.maxTimestamp(), batch.maxTimestamp()) : batch.maxTimestamp());
        return new Extent(startOffset, batch.nextOffset(), goesOn ? finished : append(finished, last), grown);
    }

    /** Where the first segment begins that has the timestamp or a later one. */
    Optional<Long> findTimestamp(long timestamp) {
        return segments().stream()
                .filter(segment -> segment.sizeInBytes() > 0 && segment.maxTimestamp() >= timestamp)
                .findFirst()
                .map(segment -> Math.max(segment.baseOffset(), startOffset));
    }
}
