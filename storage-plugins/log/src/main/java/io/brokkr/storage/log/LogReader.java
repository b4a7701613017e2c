package io.brokkr.storage.log;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.RecordFileSlice;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.OffsetOutOfRangeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/** Finds batches in a log. Thread-safe. */
final class LogReader {

    private final SegmentedLog log;

    /** What was read last, whose bytes are in memory. */
    private volatile @Nullable FileRange lastRead;

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
            if (found != null) {
                return isChecked(found) ? slice(found) : null;
            }
            Found begun =
                    beginsInLastRead(offset) ? locate(offset, maxBytes, atLeastOneBatch, beforeOffset, false) : null;
            return begun != null && isChecked(begun.range()) ? note(begun.range()) : null;
        } finally {
            structure.unlockRead(stamp);
        }
    }

    /**
     * Whether a read begins with bytes that were read last, as that of one who reads the log in its order does: his last batch was cut off, and he asks for it
     * again. It is found by an index entry that is in memory, too, and by headers behind that, which have just been sent.
     */
    private boolean beginsInLastRead(long offset) throws IOException {
        FileRange last = lastRead;
        if (last == null || offset < last.segment().baseOffset()) {
            return false;
        }
        Segments segments = log.segments();
        if (segments.get(segments.floorIndex(offset)) != last.segment()) {
            return false;
        }
        IndexFile.Entry entry =
                last.segment().offsets().floorInMemory(offset - last.segment().baseOffset());
        return entry != null && last.holds(entry.value());
    }

    private void requireInRange(long offset) {
        if (offset < log.startOffset()) {
            throw new OffsetOutOfRangeException(
                    "the log " + log.id() + " starts at " + log.startOffset() + ", not at " + offset);
        }
    }

    /** Whether nobody need look at the bytes before they are sent. */
    private boolean isChecked(FileRange range) {
        return range.sizeInBytes() == 0
                || range.segment()
                        .checked()
                        .holds(
                                range.position(),
                                range.end(),
                                log.environment().clock().nanos());
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
        Found found;
        FileChannel channel;
        long stamp = log.structure().readLock();
        try {
            requireInRange(offset);
            found = locate(offset, maxBytes, atLeastOneBatch, beforeOffset, true);
            if (found == null) {
                return RecordData.empty();
            }
            channel = found.range().segment().file().acquire();
        } finally {
            log.structure().unlockRead(stamp);
        }
        // Whoever takes files away need not wait for the device here: a file that is held stays as it is.
        try {
            return note(isChecked(found.range()) ? found.range() : check(found, channel, offset));
        } finally {
            found.range().segment().file().release();
        }
    }

    private RecordData note(FileRange range) throws IOException {
        lastRead = range;
        return slice(range);
    }

    /** What a read has found, and where in the view. */
    private record Found(View view, int index, FileRange range) {}

    /**
     * Looks into the files; with the structure's lock for reading.
     *
     * @param mayWait if not, no more is looked at than where the read begins
     * @return null if there is nothing, or if more must be looked at
     */
    private @Nullable Found locate(
            long offset, int maxBytes, boolean atLeastOneBatch, long beforeOffset, boolean mayWait) throws IOException {
        View view = view();
        Segments segments = view.segments();
        for (int i = segments.floorIndex(offset); i < segments.count(); i++) {
            // A bound behind the segment's end needs no search for the place where it lies.
            long bound = beforeOffset < view.endOffsetOf(i) ? beforeOffset : Long.MAX_VALUE;
            if (bound != Long.MAX_VALUE && !mayWait) {
                return null;
            }
            FileRange range = find(view, i, offset, maxBytes, atLeastOneBatch, bound);
            if (range != null) {
                return new Found(view, i, range);
            }
            if (!mayWait) {
                return null;
            }
        }
        return null;
    }

    /** Null if no batch of a segment of the view reaches up to the offset. */
    private @Nullable FileRange find(
            View view, int index, long offset, int maxBytes, boolean atLeastOneBatch, long beforeOffset)
            throws IOException {
        Segment segment = view.segments().get(index);
        long size = view.sizeOf(index);
        FileChannel channel = segment.file().acquire();
        try {
            SegmentWalk walk = new SegmentWalk(segment, channel, offset, size, view.endOffsetOf(index));
            boolean found = reach(walk, offset, log.settings().indexIntervalBytes());
            BatchCursor batch = walk.batch();
            FileRange range = null;
            if (found) {
                long position = batch.position();
                range = batch.baseOffset() >= beforeOffset
                        ? new FileRange(segment, position, 0)
                        : range(view, index, channel, batch, maxBytes, atLeastOneBatch, beforeOffset);
            }
            if (walk.isIndexWrong() && !view.isLast(index)) {
                IndexRebuild.request(log, segment);
            }
            return range;
        } finally {
            segment.file().release();
        }
    }

    /**
     * Reads what is to be sent, and so has it in memory when it is: the device has changed it since it was written, maybe, and the event loops are not to wait for the device.
     *
     * @return it, as far as it is sound
     * @throws CorruptLogException if the first batch is not
     */
    private FileRange check(Found found, FileChannel channel, long offset) throws IOException {
        FileRange range = found.range();
        long soundEnd = range.position();
        try {
            SegmentWalk walk = walkFrom(found.view(), found.index(), channel, offset);
            walk.skipTo(range.position());
            while (soundEnd < range.end() && walk.next() && walk.batch().position() == soundEnd) {
                walk.requireWhole();
                soundEnd = walk.batch().end();
            }
        } catch (CorruptLogException | IOException damaged) {
            // What lies before the damage is sound; who reads on is told.
            if (soundEnd == range.position()) {
                throw damaged;
            }
        }
        range.segment()
                .checked()
                .add(range.position(), soundEnd, log.environment().clock().nanos());
        return range.upTo(soundEnd);
    }

    private static FileRange range(
            View view,
            int index,
            FileChannel channel,
            BatchCursor first,
            int maxBytes,
            boolean atLeastOneBatch,
            long beforeOffset)
            throws IOException {
        Segment segment = view.segments().get(index);
        long position = first.position();
        long firstBatchEnd = first.end();
        // A file that was cut from outside ends before the segment does.
        long size = Math.min(view.sizeOf(index), channel.size());
        long wanted = Math.min(size, Math.max(position + maxBytes, firstBatchEnd));
        long end = wanted;
        if (beforeOffset != Long.MAX_VALUE) {
            SegmentWalk walk =
                    new SegmentWalk(segment, channel, beforeOffset - 1, view.sizeOf(index), view.endOffsetOf(index));
            walk.skipTo(position);
            end = endBefore(walk, beforeOffset, wanted);
        }
        return FileRange.upTo(segment, position, end, firstBatchEnd, maxBytes, atLeastOneBatch);
    }

    /** Goes to the first batch whose last offset is the given one or above; false if there is none. */
    private static boolean reach(SegmentWalk walk, long offset, int indexIntervalBytes) throws IOException {
        while (walk.next()) {
            if (walk.batch().lastOffset() >= offset) {
                return true;
            }
            walk.lookForHole(indexIntervalBytes);
        }
        return false;
    }

    /** Where the batches end that begin before an offset; any position behind the wanted one if that is further. */
    private static long endBefore(SegmentWalk walk, long beforeOffset, long wanted) throws IOException {
        try {
            while (walk.batch().end() < wanted && walk.next()) {
                if (walk.batch().baseOffset() >= beforeOffset) {
                    return walk.batch().position();
                }
            }
            return wanted;
        } catch (CorruptLogException damaged) {
            // What lies before the damage is sound; who reads on is told.
            return walk.batch().position();
        }
    }

    /** Where the first batch begins whose last offset is the given one or above; the end of the segment if there is none. */
    static long positionOf(Segment segment, long offset, long size) throws IOException {
        FileChannel channel = segment.file().acquire();
        try {
            SegmentWalk walk = new SegmentWalk(segment, channel, offset, size, Long.MAX_VALUE);
            return reach(walk, offset, Integer.MAX_VALUE) ? walk.batch().position() : size;
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
                    Optional<Long> found = findTimestamp(view, i, timestamp);
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

    private Optional<Long> findTimestamp(View view, int index, long timestamp) throws IOException {
        Segment segment = view.segments().get(index);
        FileChannel channel = segment.file().acquire();
        try {
            SegmentWalk walk = walkFromTime(view, index, channel, timestamp);
            if (walk == null || (!view.isLast(index) && !endsWithLargestTimestamp(segment))) {
                if (!view.isLast(index)) {
                    IndexRebuild.request(log, segment);
                }
                walk = walkFrom(view, index, channel, segment.baseOffset());
            }
            do {
                BatchCursor batch = walk.batch();
                if (batch.sizeInBytes() > 0) {
                    walk.requireWhole();
                    if (batch.maxTimestamp() >= timestamp && batch.lastOffset() >= log.startOffset()) {
                        return Optional.of(Math.max(batch.baseOffset(), log.startOffset()));
                    }
                }
            } while (walk.next());
            return Optional.empty();
        } finally {
            segment.file().release();
        }
    }

    private static SegmentWalk walkFrom(View view, int index, FileChannel channel, long offset) throws IOException {
        return new SegmentWalk(
                view.segments().get(index), channel, offset, view.sizeOf(index), view.endOffsetOf(index));
    }

    /** At the batch that the time index names as the latest that is too early, or before the first one; null if it is not as the index says. */
    private static @Nullable SegmentWalk walkFromTime(View view, int index, FileChannel channel, long timestamp)
            throws IOException {
        Segment segment = view.segments().get(index);
        IndexFile.Entry earlier;
        try {
            earlier = timestamp == Long.MIN_VALUE ? null : segment.times().floor(timestamp - 1);
        } catch (IOException unreadable) {
            return null;
        }
        if (earlier == null) {
            return walkFrom(view, index, channel, segment.baseOffset());
        }
        long offset = segment.baseOffset() + earlier.value();
        SegmentWalk walk = walkFrom(view, index, channel, offset);
        boolean isThere = reach(walk, offset, Integer.MAX_VALUE)
                && walk.batch().lastOffset() == offset
                && walk.batch().maxTimestamp() == earlier.key();
        if (!isThere) {
            segment.times().forgetRead();
        }
        return isThere ? walk : null;
    }

    /** As the time index of every finished segment does. */
    private static boolean endsWithLargestTimestamp(Segment segment) {
        try {
            IndexFile.Entry last = segment.times().last();
            return (last == null ? RecordBatch.NO_TIMESTAMP : last.key()) == segment.maxTimestamp();
        } catch (IOException unreadable) {
            return false;
        }
    }
}
