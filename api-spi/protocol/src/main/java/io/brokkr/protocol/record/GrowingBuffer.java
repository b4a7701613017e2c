package io.brokkr.protocol.record;

import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Bytes on the heap that become more as they are written, up to a limit. Used by one thread at a time.
 *
 * <p>Whoever lays out bytes asks for {@linkplain #room room} and puts them there; a compressing stream writes to it as to any stream. Closing it does nothing.
 */
public final class GrowingBuffer extends OutputStream {

    private final int maximumSize;
    private ByteBuffer bytes;

    /**
     * An empty one.
     *
     * @param initialCapacity in bytes
     * @param maximumSize in bytes; more than that is refused
     */
    public GrowingBuffer(int initialCapacity, int maximumSize) {
        this.maximumSize = maximumSize;
        this.bytes = ByteBuffer.allocate(Math.min(initialCapacity, maximumSize));
    }

    /** The number of bytes written. */
    public int size() {
        return bytes.position();
    }

    /** Takes back what was written behind a size. */
    public void truncate(int size) {
        bytes.position(size);
    }

    /**
     * The memory with its position at the end of what is written, and room for more; valid until the next call. What is put there counts as written.
     *
     * @param sizeInBytes how much room there has to be
     * @throws SizeLimitException if that would be more than the maximum
     */
    public ByteBuffer room(int sizeInBytes) {
        if (sizeInBytes > bytes.remaining()) {
            grow(sizeInBytes);
        }
        return bytes;
    }

    private void grow(int sizeInBytes) {
        long needed = (long) bytes.position() + sizeInBytes;
        if (needed > maximumSize) {
            throw new SizeLimitException(maximumSize);
        }
        long roomy = Math.max(needed, 2L * bytes.capacity());
        bytes = ByteBuffer.allocate((int) Math.min(roomy, maximumSize)).put(bytes.flip());
    }

    @Override
    public void write(int oneByte) {
        room(1).put((byte) oneByte);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        room(length).put(source, offset, length);
    }

    /** A view of what is written, position 0 to limit {@link #size}; overwritten if more is written after a truncation. */
    public ByteBuffer written() {
        return bytes.slice(0, bytes.position());
    }

    /** The written bytes are as many as they may become. */
    public static final class SizeLimitException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        SizeLimitException(int maximumSize) {
            super("more than " + maximumSize + " bytes");
        }
    }
}
