package io.brokkr.plugin.compression;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The compressed bytes behind a small buffer. What ends too early ends with {@link EOFException}. */
final class CompressedInput {

    private static final int BUFFER_BYTES = 8 * 1024;

    private final InputStream source;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private long takenBefore;

    CompressedInput(InputStream source) {
        this.source = source;
    }

    /** How many bytes were taken so far. */
    long taken() {
        return takenBefore + position;
    }

    /** Whether nothing is left. */
    boolean atEnd() throws IOException {
        return position == limit && !fill();
    }

    /** Whether all of the data, of which nothing may have been taken, begins so. */
    boolean startsWith(byte[] beginning) throws IOException {
        limit = source.readNBytes(buffer, 0, BUFFER_BYTES);
        return limit >= beginning.length && Arrays.equals(buffer, 0, beginning.length, beginning, 0, beginning.length);
    }

    /** The next byte, 0 to 255. */
    int next() throws IOException {
        if (position == limit && !fill()) {
            throw tooEarly();
        }
        return buffer[position++] & 0xFF;
    }

    int nextBigEndianInt() throws IOException {
        return next() << 24 | next() << 16 | next() << 8 | next();
    }

    int nextLittleEndianInt() throws IOException {
        return next() | next() << 8 | next() << 16 | next() << 24;
    }

    void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    /** Takes exactly so many bytes. */
    void read(byte[] target, int offset, int count) throws IOException {
        int buffered = Math.min(count, limit - position);
        System.arraycopy(buffer, position, target, offset, buffered);
        position += buffered;
        if (buffered < count) {
            int direct = source.readNBytes(target, offset + buffered, count - buffered);
            takenBefore += direct;
            if (direct < count - buffered) {
                throw tooEarly();
            }
        }
    }

    void close() throws IOException {
        source.close();
    }

    private boolean fill() throws IOException {
        takenBefore += position;
        position = 0;
        limit = Math.max(source.read(buffer), 0);
        return limit > 0;
    }

    private static EOFException tooEarly() {
        return new EOFException("the compressed data ends too early");
    }
}
