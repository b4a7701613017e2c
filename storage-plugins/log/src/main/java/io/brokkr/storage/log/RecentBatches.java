package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Where the last batches of a log lie, so that a reader who keeps up is served without a system call. Thread-safe. */
final class RecentBatches {

    private static final int CAPACITY = 32;

    private final long[] baseOffsets = new long[CAPACITY];
    private final long[] nextOffsets = new long[CAPACITY];
    private final long[] positions = new long[CAPACITY];
    private final Segment segment;
    private long end;
    private int first;
    private int count;

    /** Of a segment to which batches are about to be appended. */
    RecentBatches(Segment segment) {
        this.segment = segment;
    }

    /** Takes note of a batch that was appended behind the one before. */
    synchronized void add(RecordBatch batch, long position) {
        int slot;
        if (count < CAPACITY) {
            slot = slot(count++);
        } else {
            slot = first;
            first = (first + 1) % CAPACITY;
        }
        baseOffsets[slot] = batch.baseOffset();
        nextOffsets[slot] = batch.nextOffset();
        positions[slot] = position;
        end = position + batch.sizeInBytes();
    }

    private int slot(int index) {
        return (first + index) % CAPACITY;
    }

    /**
     * Finds the batch that holds an offset, or the next one if it lies in a gap.
     *
     * @return null if the answer is not here
     */
    synchronized @Nullable FileRange find(long offset, int maxBytes, boolean atLeastOneBatch, long beforeOffset) {
        if (count == 0 || offset < baseOffsets[first] || offset >= nextOffsets[slot(count - 1)]) {
            return null;
        }
        int found = firstWhere(nextOffsets, offset + 1);
        int behind = firstWhere(baseOffsets, beforeOffset);
        long position = positions[slot(found)];
        return behind <= found
                ? new FileRange(segment, position, 0)
                : FileRange.upTo(
                        segment, position, positionAt(behind), positionAt(found + 1), maxBytes, atLeastOneBatch);
    }

    private long positionAt(int index) {
        return index == count ? end : positions[slot(index)];
    }

    /** The first index whose offset is at or above a bound; the count if there is none. */
    private int firstWhere(long[] offsets, long bound) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (offsets[slot(middle)] >= bound) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
