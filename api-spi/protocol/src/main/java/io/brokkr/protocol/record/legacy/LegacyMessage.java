package io.brokkr.protocol.record.legacy;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A message of magic 0 or 1: a view of bytes whose lengths and checksum were found right.
 *
 * <pre>
 *   at  size  field
 *    0     8  offset
 *    8     4  size            bytes that follow this field
 *   12     4  crc             CRC-32 from the magic to the end
 *   16     1  magic           0 or 1
 *   17     1  attributes      bits 0-2 compression, 3 timestamp type (magic 1)
 *  (18     8  timestamp)      magic 1 only: epoch milliseconds, -1 for none
 *   18     4  keyLength       -1: null
 *             key
 *         4  valueLength     -1: null
 *             value
 * </pre>
 */
final class LegacyMessage {

    static final int OFFSET_POSITION = 0;
    static final int SIZE_POSITION = 8;

    /** The offset and the size, which the size does not count. */
    static final int OVERHEAD_SIZE = 12;

    static final int CRC_POSITION = 12;
    static final int MAGIC_POSITION = 16;
    static final int ATTRIBUTES_POSITION = 17;
    static final int TIMESTAMP_POSITION = 18;

    static final int COMPRESSION_MASK = 0x07;
    static final int LOG_APPEND_TIME_FLAG = 0x08;

    private static final int LENGTH_SIZE = 4;

    /** The smallest size field: a message of magic 0 with a null key and value. */
    static final int SMALLEST_SIZE = 14;

    private final ByteBuffer region;
    private final int start;
    private final int end;
    private final int keyLength;
    private final int keyPosition;
    private final int valueLength;
    private final int valuePosition;

    private LegacyMessage(ByteBuffer region, int start, int end) {
        this.region = region;
        this.start = start;
        this.end = end;
        keyLength = lengthAt(start + headerSize(magic()));
        keyPosition = start + headerSize(magic()) + LENGTH_SIZE;
        valueLength = lengthAt(keyPosition + Math.max(keyLength, 0));
        valuePosition = keyPosition + Math.max(keyLength, 0) + LENGTH_SIZE;
        if (valuePosition + Math.max(valueLength, 0) != end) {
            throw corrupt("its value of " + valueLength + " bytes does not end with it");
        }
    }

    /** What precedes the length of the key. */
    static int headerSize(byte magic) {
        return magic == 0 ? TIMESTAMP_POSITION : TIMESTAMP_POSITION + Long.BYTES;
    }

    /** The size of a message with its overhead; more than an {@code int} if the lengths are. */
    static long sizeOf(byte magic, @Nullable ByteBuffer key, @Nullable ByteBuffer value) {
        return (long) headerSize(magic)
                + 2 * LENGTH_SIZE
                + (key == null ? 0 : key.remaining())
                + (value == null ? 0 : value.remaining());
    }

    /**
     * The message that fills a part of a buffer, which its size field says it does.
     *
     * @throws InvalidRecordBatchException {@code CORRUPT_MESSAGE}
     */
    static LegacyMessage read(ByteBuffer region, int start, int end) {
        requireSize(region.getInt(start + SIZE_POSITION));
        byte magic = region.get(start + MAGIC_POSITION);
        if (magic != 0 && magic != 1) {
            throw corrupt("there is no message of magic " + magic + " in a message set");
        }
        long crc = Integer.toUnsignedLong(region.getInt(start + CRC_POSITION));
        long computed = crcOf(region, start, end);
        if (crc != computed) {
            throw corrupt("its checksum is " + crc + " and should be " + computed);
        }
        return new LegacyMessage(region, start, end);
    }

    /** Refuses a size that no message has. */
    static void requireSize(int size) {
        if (size < SMALLEST_SIZE || size > Integer.MAX_VALUE - OVERHEAD_SIZE) {
            throw corrupt("its size is " + size + " bytes");
        }
    }

    static long crcOf(ByteBuffer region, int start, int end) {
        CRC32 crc = new CRC32();
        int covered = start + MAGIC_POSITION;
        if (region.hasArray()) {
            crc.update(region.array(), region.arrayOffset() + covered, end - covered);
        } else {
            crc.update(region.slice(covered, end - covered));
        }
        return crc.getValue();
    }

    private int lengthAt(int position) {
        if (end - position < LENGTH_SIZE) {
            throw corrupt("it ends before a length");
        }
        int length = region.getInt(position);
        if (length < -1 || length > end - position - LENGTH_SIZE) {
            throw corrupt("a length is " + length + " bytes, with " + (end - position - LENGTH_SIZE) + " left");
        }
        return length;
    }

    byte magic() {
        return region.get(start + MAGIC_POSITION);
    }

    private int attributes() {
        return region.get(start + ATTRIBUTES_POSITION);
    }

    /** Of a wrapper, the compression of its value. */
    Compression compression() {
        return Compression.of(attributes() & COMPRESSION_MASK);
    }

    boolean isCompressed() {
        return (attributes() & COMPRESSION_MASK) != 0;
    }

    TimestampType timestampType() {
        return magic() > 0 && (attributes() & LOG_APPEND_TIME_FLAG) != 0
                ? TimestampType.LOG_APPEND_TIME
                : TimestampType.CREATE_TIME;
    }

    long timestamp() {
        return magic() == 0 ? RecordBatch.NO_TIMESTAMP : region.getLong(start + TIMESTAMP_POSITION);
    }

    @Nullable
    ByteBuffer key() {
        return keyLength < 0 ? null : region.slice(keyPosition, keyLength);
    }

    @Nullable
    ByteBuffer value() {
        return valueLength < 0 ? null : region.slice(valuePosition, valueLength);
    }

    static InvalidRecordBatchException corrupt(String reason) {
        return new InvalidRecordBatchException(ErrorCode.CORRUPT_MESSAGE, "corrupt message: " + reason);
    }
}
