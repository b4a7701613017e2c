package io.brokkr.storage.s3;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.CorruptLogException;
import java.nio.ByteBuffer;

/** What the header of a batch says, in a buffer that may end behind it. */
final class BatchHeader {

    private static final int LENGTH_END = RecordBatch.LENGTH_POSITION + Integer.BYTES;
    private static final int LAST_OFFSET_DELTA_POSITION = 23;

    private BatchHeader() {}

    /** Whether so much of it is there that its offset and its size are known. */
    static boolean isThere(ByteBuffer buffer, int position) {
        return position + LENGTH_END <= buffer.limit();
    }

    /** Whether all of it is there. */
    static boolean isWhole(ByteBuffer buffer, int position) {
        return position + RecordBatch.HEADER_SIZE <= buffer.limit();
    }

    static long baseOffset(ByteBuffer buffer, int position) {
        return buffer.getLong(position);
    }

    static long lastOffset(ByteBuffer buffer, int position) {
        return baseOffset(buffer, position) + buffer.getInt(position + LAST_OFFSET_DELTA_POSITION);
    }

    /**
     * The size of the whole batch in bytes.
     *
     * @param most what is left of the object's batches
     * @throws CorruptLogException if it cannot be right
     */
    static int sizeInBytes(ByteBuffer buffer, int position, int most) {
        long size = buffer.getInt(position + RecordBatch.LENGTH_POSITION) + (long) LENGTH_END;
        if (size < RecordBatch.HEADER_SIZE || size > most) {
            throw new CorruptLogException("a batch has a size of " + size + " bytes where " + most + " are left");
        }
        return (int) size;
    }
}
