package io.brokkr.distribution.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Composes the fields of a message that is not flexible: big-endian numbers, and lengths in front of texts, bytes and arrays. */
final class WireBytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    WireBytes int8(int value) {
        bytes.write(value);
        return this;
    }

    WireBytes int16(int value) {
        return int8(value >>> 8).int8(value);
    }

    WireBytes int32(int value) {
        return int16(value >>> 16).int16(value);
    }

    WireBytes int64(long value) {
        return int32((int) (value >>> 32)).int32((int) value);
    }

    /** A text with an int16 in front, -1 for null. */
    WireBytes string(@Nullable String text) {
        if (text == null) {
            return int16(-1);
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        int16(encoded.length).bytes.writeBytes(encoded);
        return this;
    }

    /** Bytes with an int32 in front, -1 for null. */
    WireBytes bytes(@Nullable ByteBuffer content) {
        return content == null ? int32(-1) : int32(content.remaining()).raw(content);
    }

    WireBytes raw(ByteBuffer content) {
        byte[] copy = new byte[content.remaining()];
        content.duplicate().get(copy);
        bytes.writeBytes(copy);
        return this;
    }

    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** Reads what {@link #string} writes. */
    static @Nullable String readString(ByteBuffer from) {
        int length = from.getShort();
        if (length < 0) {
            return null;
        }
        byte[] encoded = new byte[length];
        from.get(encoded);
        return new String(encoded, StandardCharsets.UTF_8);
    }

    /** Reads what {@link #bytes} writes, as a view. */
    static @Nullable ByteBuffer readBytes(ByteBuffer from) {
        int length = from.getInt();
        if (length < 0) {
            return null;
        }
        ByteBuffer content = from.slice(from.position(), length);
        from.position(from.position() + length);
        return content;
    }
}
