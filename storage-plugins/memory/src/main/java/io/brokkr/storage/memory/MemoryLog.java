package io.brokkr.storage.memory;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.OffsetOutOfRangeException;
import io.brokkr.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The batches of one log, whoever has it open. Every method holds the monitor for a short time and no longer. */
final class MemoryLog {

    private final LogId id;
    private final long segmentSizeInBytes;
    private final NavigableMap<Long, RecordBatch> batches = new TreeMap<>();
    private final NavigableSet<Long> segmentBases = new TreeSet<>(List.of(0L));
    private final Map<String, Bytes> checkpoints = new HashMap<>();
    private int leaderEpoch = Integer.MIN_VALUE;
    private long startOffset;
    private long endOffset;
    private long sizeInBytes;
    private long lastSegmentSizeInBytes;
    private @Nullable MemoryReplacement replacement;
    private @Nullable String unusable;

    /**
     * An empty log.
     *
     * @param segmentSizeInBytes the size from which on a new segment begins
     */
    MemoryLog(LogId id, long segmentSizeInBytes) {
        this.id = id;
        this.segmentSizeInBytes = segmentSizeInBytes;
    }

    LogId id() {
        return id;
    }

    synchronized long startOffset() {
        return startOffset;
    }

    synchronized long endOffset() {
        return endOffset;
    }

    synchronized long sizeInBytes() {
        return sizeInBytes;
    }

    /** Shuts out those who opened under a lower epoch. */
    synchronized void fence(int openersEpoch) {
        requireNotFenced(openersEpoch);
        leaderEpoch = openersEpoch;
    }

    synchronized void markUnusable(String why) {
        unusable = why;
    }

    synchronized void requireUsable() {
        if (unusable != null) {
            throw new StorageException("the log " + id + " " + unusable);
        }
    }

    private void requireNotFenced(int openersEpoch) {
        requireUsable();
        if (openersEpoch < leaderEpoch) {
            throw new LogFencedException("the log " + id + " was opened under the leader epoch " + leaderEpoch
                    + ", which fences " + openersEpoch);
        }
    }

    synchronized void append(int openersEpoch, RecordBatch batch) {
        requireNotFenced(openersEpoch);
        if (batch.baseOffset() < endOffset) {
            throw new IllegalArgumentException("the log " + id + " ends at " + endOffset + ", a batch at "
                    + batch.baseOffset() + " comes too late");
        }
        RecordBatch kept = copy(batch);
        if (lastSegmentSizeInBytes >= segmentSizeInBytes) {
            segmentBases.add(kept.baseOffset());
            lastSegmentSizeInBytes = 0;
        }
        batches.put(kept.baseOffset(), kept);
        endOffset = kept.nextOffset();
        sizeInBytes += kept.sizeInBytes();
        lastSegmentSizeInBytes += kept.sizeInBytes();
    }

    static RecordBatch copy(RecordBatch batch) {
        byte[] copy = new byte[batch.sizeInBytes()];
        batch.buffer().get(copy);
        return RecordBatch.of(ByteBuffer.wrap(copy).asReadOnlyBuffer());
    }

    synchronized RecordData read(long offset, int maxBytes, boolean atLeastOneBatch, long beforeOffset) {
        if (offset < startOffset) {
            throw new OffsetOutOfRangeException("the log " + id + " starts at " + startOffset + ", not at " + offset);
        }
        List<ByteBuffer> found = new ArrayList<>();
        int left = maxBytes;
        for (RecordBatch batch : batches.tailMap(firstKeyFor(offset)).values()) {
            if (batch.baseOffset() >= beforeOffset) {
                break;
            }
            ByteBuffer bytes = batch.buffer();
            if (left < bytes.remaining() && !(atLeastOneBatch && found.isEmpty())) {
                found.add(bytes.limit(left));
                break;
            }
            found.add(bytes);
            left = Math.max(0, left - bytes.remaining());
        }
        return RecordBuffers.of(found, () -> {});
    }

    /** The key of the batch that holds an offset; else the offset itself, behind which the next batch follows. */
    private long firstKeyFor(long offset) {
        Map.Entry<Long, RecordBatch> floor = batches.floorEntry(offset);
        return floor != null && floor.getValue().lastOffset() >= offset ? floor.getKey() : offset;
    }

    synchronized Optional<Long> findTimestamp(long timestamp) {
        return batches.values().stream()
                .filter(batch -> batch.maxTimestamp() >= timestamp && batch.lastOffset() >= startOffset)
                .findFirst()
                .map(batch -> Math.max(batch.baseOffset(), startOffset));
    }

    synchronized List<LogSegment> segments() {
        List<LogSegment> segments = new ArrayList<>();
        for (long base : segmentBases) {
            Long next = segmentBases.higher(base);
            long end = next == null ? endOffset : next;
            long maxTimestamp = batches.subMap(base, end).values().stream()
                    .mapToLong(RecordBatch::maxTimestamp)
                    .max()
                    .orElse(RecordBatch.NO_TIMESTAMP);
            segments.add(new LogSegment(base, end, sizeInBytes(base, end), maxTimestamp));
        }
        return segments;
    }

    private long sizeInBytes(long from, long to) {
        return batches.subMap(from, to).values().stream()
                .mapToLong(RecordBatch::sizeInBytes)
                .sum();
    }

    /** The segment that is cut begins with the batch that holds the new start, which is kept whole. */
    synchronized void trim(int openersEpoch, long newStart) {
        requireNotFenced(openersEpoch);
        if (newStart > endOffset) {
            throw new IllegalArgumentException(
                    "the log " + id + " ends at " + endOffset + " and cannot start at " + newStart);
        }
        if (newStart > startOffset) {
            startOffset = newStart;
            long first = firstKeyFor(newStart);
            batches.headMap(first).clear();
            segmentBases.headSet(first).clear();
            segmentBases.add(first);
            if (replacement != null && newStart > replacement.baseOffset()) {
                replacement = null;
            }
            countBytes();
        }
    }

    synchronized void truncate(int openersEpoch, long newEnd) {
        requireNotFenced(openersEpoch);
        if (newEnd < startOffset) {
            throw new IllegalArgumentException(
                    "the log " + id + " starts at " + startOffset + " and cannot end at " + newEnd);
        }
        if (newEnd < endOffset) {
            batches.tailMap(firstKeyFor(newEnd)).clear();
            segmentBases.tailSet(newEnd, false).clear();
            endOffset = newEnd;
            if (replacement != null && newEnd < replacement.endOffset()) {
                replacement = null;
            }
            countBytes();
        }
    }

    private void countBytes() {
        sizeInBytes = sizeInBytes(Long.MIN_VALUE, Long.MAX_VALUE);
        lastSegmentSizeInBytes = sizeInBytes(segmentBases.last(), Long.MAX_VALUE);
    }

    synchronized void finishSegment(int openersEpoch) {
        requireNotFenced(openersEpoch);
        if (lastSegmentSizeInBytes > 0) {
            segmentBases.add(endOffset);
            lastSegmentSizeInBytes = 0;
        }
    }

    /** Only one replacement is under way; one whose opener was fenced meanwhile does not count. */
    synchronized void begin(int openersEpoch, MemoryReplacement begun) {
        requireNotFenced(openersEpoch);
        long base = begun.baseOffset();
        long end = begun.endOffset();
        if (base >= end || end > segmentBases.last() || !segmentBases.containsAll(List.of(base, end))) {
            throw new IllegalArgumentException(
                    "the log " + id + " has no finished segments from " + base + " to " + end);
        }
        if (replacement != null && replacement.leaderEpoch() == leaderEpoch) {
            throw new StorageException("in the log " + id + " the segments from " + replacement.baseOffset() + " to "
                    + replacement.endOffset() + " are being replaced: end that first");
        }
        replacement = begun;
    }

    synchronized void commit(int openersEpoch, MemoryReplacement complete) {
        requireNotFenced(openersEpoch);
        long base = complete.baseOffset();
        long end = complete.endOffset();
        if (replacement != complete) {
            throw new StorageException("the replacement of the segments from " + base + " to " + end + " of the log "
                    + id + " has ended, or they were trimmed or truncated since it began");
        }
        replacement = null;
        batches.subMap(base, end).clear();
        batches.putAll(complete.batches());
        segmentBases.subSet(base, false, end, false).clear();
        countBytes();
    }

    synchronized void abandon(MemoryReplacement given) {
        if (replacement == given) {
            replacement = null;
        }
    }

    /** Whoever has closed the log does not go on with what he has begun. */
    synchronized void abandonThatOf(OpenMemoryLog opener) {
        if (replacement != null && replacement.opener() == opener) {
            replacement = null;
        }
    }

    synchronized void writeCheckpoint(String name, Bytes content) {
        checkpoints.put(name, content);
    }

    synchronized Optional<Bytes> readCheckpoint(String name) {
        return Optional.ofNullable(checkpoints.get(name));
    }
}
