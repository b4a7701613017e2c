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
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The batches of one log, whoever has it open. Every method holds the monitor for a short time and no longer. */
final class MemoryLog {

    /** Batches are forgotten one by one, but whoever walks through the segments should not meet one for each batch. */
    private static final long SEGMENT_SIZE_IN_BYTES = 1 << 20;

    private final LogId id;
    private final NavigableMap<Long, RecordBatch> batches = new TreeMap<>();
    private final Map<String, Bytes> checkpoints = new HashMap<>();
    private int leaderEpoch = Integer.MIN_VALUE;
    private long startOffset;
    private long endOffset;
    private long sizeInBytes;
    private @Nullable String unusable;

    MemoryLog(LogId id) {
        this.id = id;
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
        byte[] copy = new byte[batch.sizeInBytes()];
        batch.buffer().get(copy);
        RecordBatch kept = RecordBatch.of(ByteBuffer.wrap(copy).asReadOnlyBuffer());
        batches.put(kept.baseOffset(), kept);
        endOffset = kept.nextOffset();
        sizeInBytes += kept.sizeInBytes();
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
                .filter(batch -> batch.maxTimestamp() >= timestamp)
                .findFirst()
                .map(batch -> Math.max(batch.baseOffset(), startOffset));
    }

    synchronized List<LogSegment> segments() {
        List<LogSegment> segments = new ArrayList<>();
        long base = startOffset;
        long size = 0;
        long maxTimestamp = RecordBatch.NO_TIMESTAMP;
        for (RecordBatch batch : batches.values()) {
            if (size >= SEGMENT_SIZE_IN_BYTES) {
                segments.add(new LogSegment(base, batch.baseOffset(), size, maxTimestamp));
                base = batch.baseOffset();
                size = 0;
                maxTimestamp = RecordBatch.NO_TIMESTAMP;
            }
            size += batch.sizeInBytes();
            maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
        }
        segments.add(new LogSegment(base, endOffset, size, maxTimestamp));
        return segments;
    }

    synchronized void trim(int openersEpoch, long newStart) {
        requireNotFenced(openersEpoch);
        if (newStart > endOffset) {
            throw new IllegalArgumentException(
                    "the log " + id + " ends at " + endOffset + " and cannot start at " + newStart);
        }
        startOffset = Math.max(startOffset, newStart);
        batches.headMap(firstKeyFor(startOffset)).clear();
        countBytes();
    }

    synchronized void truncate(int openersEpoch, long newEnd) {
        requireNotFenced(openersEpoch);
        if (newEnd < startOffset) {
            throw new IllegalArgumentException(
                    "the log " + id + " starts at " + startOffset + " and cannot end at " + newEnd);
        }
        if (newEnd < endOffset) {
            batches.tailMap(firstKeyFor(newEnd)).clear();
            endOffset = newEnd;
            countBytes();
        }
    }

    private void countBytes() {
        sizeInBytes =
                batches.values().stream().mapToLong(RecordBatch::sizeInBytes).sum();
    }

    synchronized void writeCheckpoint(String name, Bytes content) {
        checkpoints.put(name, content);
    }

    synchronized Optional<Bytes> readCheckpoint(String name) {
        return Optional.ofNullable(checkpoints.get(name));
    }
}
