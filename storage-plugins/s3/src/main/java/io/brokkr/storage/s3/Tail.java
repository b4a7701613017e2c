package io.brokkr.storage.s3;

import io.brokkr.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The end of a log that the store does not have yet. It begins where the last object ends, and may be longer than its batches: where the log was truncated in a gap. Guarded by the monitor of
 * {@link S3Log}.
 */
final class Tail {

    private final NavigableMap<Long, RecordBatch> batches = new TreeMap<>();
    private long baseOffset;
    private long endOffset;
    private long sizeInBytes;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;

    /** Batches that go into one object. */
    record Part(long baseOffset, long endOffset, List<RecordBatch> batches, long maxTimestampIfEmpty) {}

    Tail(long offset) {
        this.baseOffset = offset;
        this.endOffset = offset;
    }

    long baseOffset() {
        return baseOffset;
    }

    long endOffset() {
        return endOffset;
    }

    long sizeInBytes() {
        return sizeInBytes;
    }

    /** Whether the store has everything. */
    boolean isEmpty() {
        return baseOffset == endOffset;
    }

    /** The largest of its batches; of a tail without any, no matter what. */
    long maxTimestamp() {
        return batches.values().stream()
                .mapToLong(RecordBatch::maxTimestamp)
                .max()
                .orElse(maxTimestamp);
    }

    /** Adds a batch, whose memory is the tail's. */
    void add(RecordBatch batch) {
        batches.put(batch.baseOffset(), batch);
        endOffset = batch.nextOffset();
        sizeInBytes += batch.sizeInBytes();
    }

    /** What goes into the next object: at least one batch, if there is any. */
    Part first(int maxBytes) {
        List<RecordBatch> first = new ArrayList<>();
        long size = 0;
        for (RecordBatch batch : batches.values()) {
            size += batch.sizeInBytes();
            if (size > maxBytes && !first.isEmpty()) {
                return new Part(baseOffset, first.get(first.size() - 1).nextOffset(), first, maxTimestamp);
            }
            first.add(batch);
        }
        return new Part(baseOffset, endOffset, first, maxTimestamp);
    }

    /** Takes out what the store has now. */
    void removeBefore(long offset) {
        remove(batches.headMap(offset));
        baseOffset = offset;
    }

    /** Forgets the front; the batch that holds the offset is kept whole, and so is what was put already. */
    void trim(long startOffset) {
        if (startOffset > baseOffset) {
            long first = firstKeyFor(startOffset);
            remove(batches.headMap(first));
            baseOffset = Math.min(first, startOffset);
        }
    }

    /** Cuts off batches that hold the offset or lie behind it; a tail that begins behind it is empty then, and begins there. */
    void truncate(long newEnd) {
        maxTimestamp = maxTimestamp();
        remove(batches.tailMap(firstKeyFor(newEnd)));
        endOffset = newEnd;
        baseOffset = Math.min(baseOffset, newEnd);
    }

    private void remove(Map<Long, RecordBatch> some) {
        sizeInBytes -=
                some.values().stream().mapToLong(RecordBatch::sizeInBytes).sum();
        some.clear();
    }

    /** The key of the batch that holds an offset; else the offset itself, behind which the next batch follows. */
    private long firstKeyFor(long offset) {
        Map.Entry<Long, RecordBatch> floor = batches.floorEntry(offset);
        return floor != null && floor.getValue().lastOffset() >= offset ? floor.getKey() : offset;
    }

    /** As {@link io.brokkr.spi.storage.PartitionLog#read}. */
    List<ByteBuffer> read(long offset, int maxBytes, boolean atLeastOneBatch, long beforeOffset) {
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
        return found;
    }

    /** The base offset of the first batch with a timestamp or a later one. */
    Optional<Long> findTimestamp(long timestamp) {
        return batches.values().stream()
                .filter(batch -> batch.maxTimestamp() >= timestamp)
                .findFirst()
                .map(RecordBatch::baseOffset);
    }
}
