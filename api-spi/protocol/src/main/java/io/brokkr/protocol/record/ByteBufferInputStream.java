package io.brokkr.protocol.record;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads memory that has no array. */
final class ByteBufferInputStream extends InputStream {

    private final ByteBuffer bytes;

    /** Reads the remaining bytes, and moves the buffer's position. */
    ByteBufferInputStream(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read() {
        return bytes.hasRemaining() ? bytes.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int count = Math.min(length, bytes.remaining());
        if (count == 0) {
            return -1;
        }
        bytes.get(target, offset, count);
        return count;
    }

    @Override
    public int available() {
        return bytes.remaining();
    }
}
