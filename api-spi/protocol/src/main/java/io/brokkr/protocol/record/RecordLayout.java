package io.brokkr.protocol.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record that is to be written into a batch, with its size known before. The layout is that of {@link Record}. */
final class RecordLayout {

    private static final int ATTRIBUTES_SIZE = 1;

    private final long timestampDelta;
    private final int offsetDelta;
    private final @Nullable ByteBuffer key;
    private final RecordContent content;
    private final byte[][] headerKeys;
    private final int bodySize;

    /**
     * Of these bytes, which are not copied yet.
     *
     * @throws ArithmeticException if it would exceed {@link Integer#MAX_VALUE} bytes
     */
    RecordLayout(long timestampDelta, int offsetDelta, @Nullable ByteBuffer key, RecordContent content) {
        this.timestampDelta = timestampDelta;
        this.offsetDelta = offsetDelta;
        this.key = key;
        this.content = content;
        this.headerKeys = content.headers().stream()
                .map(header -> header.key().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        this.bodySize = bodySize();
    }

    private int bodySize() {
        List<RecordHeader> headers = content.headers();
        int size = ATTRIBUTES_SIZE + ZigZagVarint.sizeOf(timestampDelta) + ZigZagVarint.sizeOf(offsetDelta);
        size = Math.addExact(size, sizeOf(key));
        size = Math.addExact(size, sizeOf(content.value()));
        size = Math.addExact(size, ZigZagVarint.sizeOf(headerKeys.length));
        for (int i = 0; i < headerKeys.length; i++) {
            size = Math.addExact(size, sizeOf(ByteBuffer.wrap(headerKeys[i])));
            size = Math.addExact(size, sizeOf(headers.get(i).value()));
        }
        return size;
    }

    private static int sizeOf(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? ZigZagVarint.sizeOf(-1)
                : Math.addExact(ZigZagVarint.sizeOf(bytes.remaining()), bytes.remaining());
    }

    /** All of it, its length in front included. */
    int sizeInBytes() {
        return Math.addExact(ZigZagVarint.sizeOf(bodySize), bodySize);
    }

    /** Copies everything to a buffer that has room for it; the sources' positions stay where they are. */
    void writeTo(ByteBuffer target) {
        ZigZagVarint.put(target, bodySize);
        target.put((byte) 0);
        ZigZagVarint.put(target, timestampDelta);
        ZigZagVarint.put(target, offsetDelta);
        put(target, key);
        put(target, content.value());
        ZigZagVarint.put(target, headerKeys.length);
        for (int i = 0; i < headerKeys.length; i++) {
            put(target, ByteBuffer.wrap(headerKeys[i]));
            put(target, content.headers().get(i).value());
        }
    }

    private static void put(ByteBuffer target, @Nullable ByteBuffer bytes) {
        if (bytes == null) {
            ZigZagVarint.put(target, -1);
        } else {
            ZigZagVarint.put(target, bytes.remaining());
            target.put(bytes.duplicate());
        }
    }
}
