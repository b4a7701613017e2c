package io.brokkr.protocol.record;

import io.brokkr.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the parts of records from a buffer, from position 0 on, and never past the end that was set. */
final class RecordReader {

    private static final int MAXIMUM_VARINT_SIZE = 5;
    private static final int MAXIMUM_VARLONG_SIZE = 10;

    private final ByteBuffer data;
    private int position;
    private int end;

    RecordReader(ByteBuffer data, int position, int end) {
        this.data = data;
        this.position = position;
        this.end = end;
    }

    int position() {
        return position;
    }

    int remaining() {
        return end - position;
    }

    /** Moves the end, which lies within the buffer. */
    void limit(int newEnd) {
        end = newEnd;
    }

    void skip(int sizeInBytes) {
        if (sizeInBytes > remaining()) {
            throw malformed(sizeInBytes + " bytes do not fit into the " + remaining() + " that are left");
        }
        position += sizeInBytes;
    }

    /** A 32-bit number, zig-zag encoded, in 1 to 5 bytes. */
    int readVarint() {
        int encoded = (int) readUnsigned(MAXIMUM_VARINT_SIZE);
        return (encoded >>> 1) ^ -(encoded & 1);
    }

    /** A 64-bit number, zig-zag encoded, in 1 to 10 bytes. */
    long readVarlong() {
        long encoded = readUnsigned(MAXIMUM_VARLONG_SIZE);
        return (encoded >>> 1) ^ -(encoded & 1);
    }

    private long readUnsigned(int maximumSize) {
        long result = 0;
        int shift = 0;
        for (int i = 0; i < maximumSize; i++) {
            if (position >= end) {
                throw malformed("it ends inside of a number");
            }
            byte next = data.get(position++);
            result |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return result;
            }
            shift += 7;
        }
        throw malformed("a number has more than " + maximumSize + " bytes");
    }

    /**
     * Skips bytes that have their length before them.
     *
     * @return the length, or -1 for null, which any negative length means; the bytes end at the position
     */
    int skipNullableBytes() {
        int size = readVarint();
        if (size < 0) {
            return -1;
        }
        skip(size);
        return size;
    }

    /** Skips a header's key and value. */
    void skipHeader() {
        if (skipNullableBytes() < 0) {
            throw malformed("a header has no key");
        }
        skipNullableBytes();
    }

    /** Reads a header of a record that was walked through before. */
    RecordHeader readHeader() {
        byte[] key = new byte[skipNullableBytes()];
        data.get(position - key.length, key);
        return new RecordHeader(new String(key, StandardCharsets.UTF_8), sliceBefore(skipNullableBytes()));
    }

    private @Nullable ByteBuffer sliceBefore(int sizeInBytes) {
        return sizeInBytes < 0 ? null : data.slice(position - sizeInBytes, sizeInBytes);
    }

    static InvalidRecordBatchException malformed(String reason) {
        return new InvalidRecordBatchException(ErrorCode.INVALID_RECORD, "malformed record: " + reason);
    }
}
