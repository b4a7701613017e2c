package io.brokkr.storage.s3;

import io.brokkr.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where batches begin in an object, for one of them in every {@value #INTERVAL_BYTES} bytes; it lies behind the batches.
 *
 * <pre>
 *   base offset of a batch    8 bytes
 *   its position              4 bytes
 *   ... the next one
 * </pre>
 */
final class ObjectIndex {

    private static final int INTERVAL_BYTES = 16 << 10;
    private static final int ENTRY_BYTES = Long.BYTES + Integer.BYTES;

    private ObjectIndex() {}

    /**
     * A part of an object.
     *
     * @param begin where a batch begins
     * @param end where another one begins, or the batches end
     */
    record Range(int begin, int end) {}

    /** How many bytes the index of these batches takes. */
    static int sizeInBytes(List<RecordBatch> batches) {
        return write(batches, null);
    }

    /**
     * Writes it.
     *
     * @param target null to count only
     * @return its size in bytes
     */
    static int write(List<RecordBatch> batches, @Nullable ByteBuffer target) {
        int size = 0;
        int position = 0;
        int due = 0;
        for (RecordBatch batch : batches) {
            if (position >= due) {
                if (target != null) {
                    target.putLong(batch.baseOffset()).putInt(position);
                }
                size += ENTRY_BYTES;
                due = position + INTERVAL_BYTES;
            }
            position += batch.sizeInBytes();
        }
        return size;
    }

    /**
     * Where the batch begins that holds an offset, or the first one behind it: in the range, or right at its end.
     *
     * @param index position 0 to limit
     * @param dataSizeInBytes where the batches end
     */
    static Range find(ByteBuffer index, long offset, int dataSizeInBytes) {
        int low = 0;
        int high = index.limit() / ENTRY_BYTES;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (index.getLong(middle * ENTRY_BYTES) <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return new Range(
                low == 0 ? 0 : position(index, low - 1, dataSizeInBytes), position(index, low, dataSizeInBytes));
    }

    private static int position(ByteBuffer index, int entry, int dataSizeInBytes) {
        int at = entry * ENTRY_BYTES + Long.BYTES;
        return at < index.limit() ? index.getInt(at) : dataSizeInBytes;
    }
}
