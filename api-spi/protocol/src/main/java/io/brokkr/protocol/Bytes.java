package io.brokkr.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable sequence of bytes in memory of its own, so that it may outlive the request that it came in. */
public final class Bytes {

    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** An array that nobody else has, or ever will. */
    static Bytes owned(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array);
    }

    /** A copy of an array. */
    public static Bytes copyOf(byte[] array) {
        return owned(array.clone());
    }

    /** A copy of a buffer's remaining bytes; the buffer's position stays where it is. */
    public static Bytes copyOf(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return owned(copy);
    }

    /** The number of bytes. */
    public int size() {
        return content.length;
    }

    /** A read-only view, position 0 to limit {@link #size}. */
    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return content.clone();
    }

    /** Puts the bytes into a buffer at its position. */
    public void putInto(ByteBuffer target) {
        target.put(content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** The size and, of short content, the bytes in hexadecimal. */
    @Override
    public String toString() {
        return content.length <= 64
                ? "Bytes[" + HexFormat.of().formatHex(content) + "]"
                : "Bytes[" + content.length + " bytes]";
    }
}
