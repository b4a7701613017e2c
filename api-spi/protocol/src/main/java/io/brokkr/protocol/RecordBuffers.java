package io.brokkr.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Record data in memory: one buffer or several that follow each other. */
public final class RecordBuffers implements RecordData {

    static final RecordBuffers EMPTY = new RecordBuffers(List.of(), 0, null);

    private final List<ByteBuffer> buffers;
    private final int sizeInBytes;
    private final AtomicReference<@Nullable Runnable> release;

    private RecordBuffers(List<ByteBuffer> buffers, int sizeInBytes, @Nullable Runnable release) {
        this.buffers = buffers;
        this.sizeInBytes = sizeInBytes;
        this.release = new AtomicReference<>(release);
    }

    /** A view of one buffer's remaining bytes, with nothing to release. */
    public static RecordBuffers of(ByteBuffer buffer) {
        return new RecordBuffers(List.of(buffer.slice()), buffer.remaining(), null);
    }

    /**
     * A view of the remaining bytes of several buffers.
     *
     * @param release called once, by the owner's {@link #close}, on the thread that closes
     * @throws ArithmeticException if the buffers hold more than {@link Integer#MAX_VALUE} bytes
     */
    public static RecordBuffers of(List<ByteBuffer> buffers, Runnable release) {
        int size = 0;
        for (ByteBuffer buffer : buffers) {
            size = Math.addExact(size, buffer.remaining());
        }
        return new RecordBuffers(buffers.stream().map(ByteBuffer::slice).toList(), size, release);
    }

    /** The buffers in order; each call's positions are the caller's own only if it duplicates them. */
    public List<ByteBuffer> buffers() {
        return buffers;
    }

    @Override
    public int sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    public ByteBuffer toBuffer() {
        if (buffers.size() == 1) {
            return buffers.get(0).duplicate();
        }
        ByteBuffer all = ByteBuffer.allocate(sizeInBytes);
        for (ByteBuffer buffer : buffers) {
            all.put(buffer.duplicate());
        }
        return all.flip();
    }

    @Override
    public void close() {
        Runnable once = release.getAndSet(null);
        if (once != null) {
            once.run();
        }
    }

    @Override
    public String toString() {
        return "RecordBuffers[" + sizeInBytes + " bytes]";
    }
}
