package io.brokkr.storage.log;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.RecordFileSlice;
import io.brokkr.spi.storage.OffsetOutOfRangeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/** Finds batches in a log. Thread-safe. */
final class LogReader {

    private final SegmentedLog log;

    LogReader(SegmentedLog log) {
        this.log = log;
    }

    /** The segments, and where the last one ends, as they belonged together at one moment. */
    private record View(Segments segments, long lastSizeInBytes, long endOffset) {
        long sizeOf(int index) {
            return isLast(index) ? lastSizeInBytes : segments.get(index).sizeInBytes();
        }

        long endOffsetOf(int index) {
            return isLast(index) ? endOffset : segments.get(index + 1).baseOffset();
        }

        private boolean isLast(int index) {
            return index + 1 == segments.count();
        }
    }

    private View view() {
        synchronized (log) {
            Segments segments = log.segments();
            return new View(segments, segments.last().sizeInBytes(), log.endOffset());
        }
    }

    /**
     * Reads what can be found without touching the device, so that an event loop may do it.
     *
     * @return null if a thread that may block has to {@link #read}
     */
    @Nullable
    RecordData readWithoutWaiting(long offset, int maxBytes, boolean atLeastOneBatch, long beforeOffset)
            throws IOException {
        requireInRange(offset);
        if (offset >= log.endOffset()) {
            return RecordData.empty();
        }
        StampedLock structure = log.structure();
        long stamp = structure.tryReadLock();
        if (stamp == 0) {
            return null;
        }
        try {
            RecentBatches recent = log.recent();
            FileRange found = recent == null ? null : recent.find(offset, maxBytes, atLeastOneBatch, beforeOffset);
            return found == null ? null : slice(found);
        } finally {
            structure.unlockRead(stamp);
        }
    }

    private void requireInRange(long offset) {
        if (offset < log.startOffset()) {
            throw new OffsetOutOfRangeException(
                    "the log " + log.id() + " starts at " + log.startOffset() + ", not at " + offset);
        }
    }

    private static RecordData slice(FileRange range) throws IOException {
        if (range.sizeInBytes() == 0) {
            return RecordData.empty();
        }
        SegmentFile file = range.segment().file();
        return new RecordFileSlice(file.acquire(), range.position(), range.sizeInBytes(), file::release);
    }

    /** As {@link io.brokkr.spi.storage.PartitionLog#read}. */
    RecordData read(long offset, int maxBytes, boolean atLeastOneBatch, long beforeOffset) throws IOException {
        long stamp = log.structure().readLock();
        try {
            requireInRange(offset);
            View view = view();
            Segments segments = view.segments();
            for (int i = segments.floorIndex(offset); i < segments.count(); i++) {
                // A bound behind the segment's end needs no search for the place where it lies.
                long bound = beforeOffset < view.endOffsetOf(i) ? beforeOffset : Long.MAX_VALUE;
                FileRange found = find(segments.get(i), view.sizeOf(i), offset, maxBytes, atLeastOneBatch, bound);
                if (found != null) {
                    return slice(found);
                }
            }
            return RecordData.empty();
        } finally {
            log.structure().unlockRead(stamp);
        }
    }

    /** Null if no batch of the segment reaches up to the offset. */
    private static @Nullable FileRange find(
            Segment segment, long size, long offset, int maxBytes, boolean atLeastOneBatch, long beforeOffset)
            throws IOException {
        FileChannel channel = segment.file().acquire();
        try {
            BatchCursor batch = firstReaching(channel, segment, offset, size);
            if (batch == null) {
                return null;
            }
            long position = batch.position();
            if (batch.baseOffset() >= beforeOffset) {
                return new FileRange(segment, position, 0);
            }
            long firstBatchEnd = batch.end();
            long wanted = Math.min(size, Math.max(position + maxBytes, firstBatchEnd));
            long end = endBefore(channel, segment, beforeOffset, position, wanted, size);
            return FileRange.upTo(segment, position, end, firstBatchEnd, maxBytes, atLeastOneBatch);
        } finally {
            segment.file().release();
        }
    }

    /** A cursor at the first batch whose last offset is the given one or above. */
    private static @Nullable BatchCursor firstReaching(FileChannel channel, Segment segment, long offset, long size)
            throws IOException {
        BatchCursor batch = new BatchCursor(channel, indexed(segment, offset, size), size);
        while (batch.next()) {
            if (batch.lastOffset() >= offset) {
                return batch;
            }
        }
        return null;
    }

    /** Where the batches end that begin before an offset; any position behind the wanted one if that is further. */
    private static long endBefore(
            FileChannel channel, Segment segment, long beforeOffset, long position, long wanted, long size)
            throws IOException {
        if (beforeOffset == Long.MAX_VALUE) {
            return wanted;
        }
        long from = Math.max(position, indexed(segment, beforeOffset - 1, size));
        BatchCursor batch = new BatchCursor(channel, from, size);
        while (batch.end() < wanted && batch.next()) {
            if (batch.baseOffset() >= beforeOffset) {
                return batch.position();
            }
        }
        return wanted;
    }

    /** The position of a batch at or before the one that an offset is in. */
    private static long indexed(Segment segment, long offset, long size) throws IOException {
        IndexFile.Entry entry = segment.offsets().floor(offset - segment.baseOffset());
        return entry == null || entry.value() >= size ? 0 : entry.value();
    }

    /** Where the first batch begins whose last offset is the given one or above; the end of the segment if there is none. */
    static long positionOf(Segment segment, long offset, long size) throws IOException {
        FileChannel channel = segment.file().acquire();
        try {
            BatchCursor batch = firstReaching(channel, segment, offset, size);
            return batch == null ? size : batch.position();
        } finally {
            segment.file().release();
        }
    }

    /** As {@link io.brokkr.spi.storage.PartitionLog#findTimestamp}. */
    Optional<Long> findTimestamp(long timestamp) throws IOException {
        long stamp = log.structure().readLock();
        try {
            View view = view();
            for (int i = 0; i < view.segments().count(); i++) {
                Segment segment = view.segments().get(i);
                if (segment.maxTimestamp() >= timestamp) {
                    Optional<Long> found = findTimestamp(segment, view.sizeOf(i), timestamp);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
            return Optional.empty();
        } finally {
            log.structure().unlockRead(stamp);
        }
    }

    private Optional<Long> findTimestamp(Segment segment, long size, long timestamp) throws IOException {
        IndexFile.Entry earlier =
                timestamp == Long.MIN_VALUE ? null : segment.times().floor(timestamp - 1);
        long from = earlier == null ? 0 : indexed(segment, segment.baseOffset() + earlier.value(), size);
        FileChannel channel = segment.file().acquire();
        try {
            BatchCursor batch = new BatchCursor(channel, from, size);
            while (batch.next()) {
                if (batch.maxTimestamp() >= timestamp && batch.lastOffset() >= log.startOffset()) {
                    return Optional.of(Math.max(batch.baseOffset(), log.startOffset()));
                }
            }
            return Optional.empty();
        } finally {
            segment.file().release();
        }
    }
}
