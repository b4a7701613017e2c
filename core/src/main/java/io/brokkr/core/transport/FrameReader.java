package io.brokkr.core.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the frames of one connection. Belongs to the event loop of the connection.
 *
 * <pre>
 *  0               4                         4 + length
 *  +---------------+--------------------------+
 *  | length        | request                  |
 *  +---------------+--------------------------+
 * </pre>
 *
 * <p>Between frames the socket is read into one buffer that all connections of an event loop share, so that a connection at rest has no
 * buffer at all. Frames that are complete in it are copied out; of a frame that is not, the rest is read from the socket straight
 * into the buffer of its own that the handler will see. That buffer is at most {@value #GROWTH} times as large as what has arrived: the
 * length alone, which may be a lie, costs nothing.
 *
 * <p>The reader is also what Netty asks for the buffer to read into next, hence the class that it extends.
 */
@SuppressWarnings("deprecation") // Netty's channels ask for this handle, whose replacement they do not know.
final class FrameReader extends DefaultMaxMessagesRecvByteBufAllocator {

    /** What becomes of the frames. */
    interface Sink {
        /** Whether a further frame may be handed over now. */
        boolean wantsFrames();

        /** Whether even a frame that has arrived has to wait, as long as its memory is not scarce. */
        boolean isPaused();

        /** The largest frame that the client may send by now, in bytes. */
        int largestFrameBytes();

        /**
         * Takes a frame.
         *
         * @param memory what the frame lies in and the sink releases; null for memory of the heap
         * @param takenBytes what was taken from the {@link RequestMemory} for it, and the sink gives back
         */
        void onFrame(ByteBuffer frame, @Nullable ByteBuf memory, int takenBytes);

        /** The client sends what cannot be the length of a request; nothing more will be read. */
        void onRefusedLength(int length);
    }

    private static final int SHARED_BUFFER_BYTES = 64 * 1024;

    /** While memory is scarce, so little is read that the connections which have to wait do not take much by it. */
    private static final int SCARCE_BUFFER_BYTES = 512;

    /** Up to here memory of the heap is cheaper than a pool; above, copying it once more into a file or a socket costs more. */
    private static final int LARGEST_HEAP_FRAME_BYTES = 4096;

    private static final int SMALLEST_FRAME_BYTES = 8;
    private static final int FIRST_CAPACITY_BYTES = 4096;
    private static final int GROWTH = 16;

    /** So much may one connection read before the others of its loop have their turn. */
    private static final int MOST_READS = 16;

    private static final FastThreadLocal<ByteBuf> SHARED_BUFFER = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.directBuffer(SHARED_BUFFER_BYTES, SHARED_BUFFER_BYTES);
        }

        @Override
        protected void onRemoval(ByteBuf buffer) {
            buffer.release();
        }
    };

    private final Sink sink;
    private final RequestMemory memory;
    private final RequestMemory.Waiter waiter;
    private final ByteBufAllocator allocator;

    private int lengthBytes;
    private int length;
    private @Nullable ByteBuf frame;
    private boolean whole;
    private @Nullable ByteBuf held;
    private boolean closed;

    FrameReader(Sink sink, RequestMemory memory, RequestMemory.Waiter waiter, ByteBufAllocator allocator) {
        super(MOST_READS);
        this.sink = sink;
        this.memory = memory;
        this.waiter = waiter;
        this.allocator = allocator;
    }

    /** Takes what was read from the socket into a buffer that this reader gave. */
    @SuppressWarnings("ReferenceEquality") // Two buffers are equal if their bytes are.
    void onRead(ByteBuf in) {
        if (closed) {
            return;
        }
        if (in == frame) {
            continueFrame(in);
            return;
        }
        // Netty reads on even if it should not when the client has closed its side.
        if (!isBlocked()) {
            takeFrames(in);
        }
        if (in.isReadable() && !closed) {
            hold(in);
        }
    }

    /** Keeps what neither memory nor the sink is ready for. */
    private void hold(ByteBuf in) {
        ByteBuf before = held;
        memory.takeAnyway(in.readableBytes());
        held = (before == null ? Unpooled.buffer(in.readableBytes()) : before).writeBytes(in);
    }

    /** Whether the socket must not be read, since what was read before waits for memory or for the sink. */
    boolean isBlocked() {
        return held != null || (frame != null && !frame.isWritable());
    }

    /** Goes on with what had to wait, as far as it can. */
    void unblock() {
        if (frame != null) {
            continueFrame(frame);
        }
        ByteBuf waiting = held;
        if (waiting != null && (frame == null || frame.isWritable())) {
            takeFrames(waiting);
            if (!waiting.isReadable() && !closed) {
                held = null;
                memory.abandonAnyway(waiting.writerIndex());
            }
        }
    }

    /** Whether a part of a frame has arrived. */
    boolean isWithinFrame() {
        return lengthBytes > 0;
    }

    /** Gives up what has arrived of a frame, and takes no more. */
    void close() {
        closed = true;
        ByteBuf waiting = held;
        if (waiting != null) {
            held = null;
            memory.abandonAnyway(waiting.writerIndex());
        }
        ByteBuf incomplete = frame;
        frame = null;
        memory.abandon(waiter, incomplete == null || whole ? 0 : incomplete.capacity());
        if (incomplete != null) {
            memory.release(whole ? length : 0);
            incomplete.release();
        }
    }

    private void takeFrames(ByteBuf in) {
        while (in.isReadable() && sink.wantsFrames()) {
            if (lengthBytes < 4 && !readLength(in)) {
                return;
            }
            if (in.isReadable() && !takeFrame(in)) {
                return;
            }
        }
    }

    /** True once the length is whole and credible. */
    private boolean readLength(ByteBuf in) {
        while (lengthBytes < 4 && in.isReadable()) {
            length = length << 8 | in.readUnsignedByte();
            lengthBytes++;
        }
        if (lengthBytes < 4) {
            return false;
        }
        if (length < SMALLEST_FRAME_BYTES || length > sink.largestFrameBytes()) {
            in.skipBytes(in.readableBytes());
            sink.onRefusedLength(length);
            return false;
        }
        return true;
    }

    /** False if there is no memory for it yet. */
    private boolean takeFrame(ByteBuf in) {
        int available = in.readableBytes();
        if (frame != null) {
            frame.writeBytes(in, Math.min(available, frame.writableBytes()));
            continueFrame(frame);
            return frame == null || frame.isWritable();
        }
        if (available < length) {
            int capacity = capacityFor(available);
            if (!memory.takeIncomplete(waiter, capacity)) {
                return false;
            }
            frame = allocator.directBuffer(capacity, capacity).writeBytes(in);
            return true;
        }
        if (!memory.take(waiter, length)) {
            return false;
        }
        lengthBytes = 0;
        if (length <= LARGEST_HEAP_FRAME_BYTES) {
            byte[] copy = new byte[length];
            in.readBytes(copy);
            sink.onFrame(ByteBuffer.wrap(copy), null, copy.length);
        } else {
            ByteBuf copy = allocator.directBuffer(length, length);
            in.readBytes(copy, length);
            sink.onFrame(copy.nioBuffer(), copy, length);
        }
        return true;
    }

    private void continueFrame(ByteBuf current) {
        if (current.isWritable()) {
            return;
        }
        if (current.writerIndex() < length) {
            grow(current);
            return;
        }
        if (!whole) {
            // Also where it has to wait for the end of a pause: nobody is to wait for the rest of it.
            whole = true;
            memory.complete(waiter, length);
        }
        if (!sink.isPaused() || memory.isScarce()) {
            whole = false;
            lengthBytes = 0;
            frame = null;
            sink.onFrame(current.nioBuffer(), current, length);
        }
    }

    private void grow(ByteBuf current) {
        int capacity = capacityFor(current.writerIndex());
        if (memory.takeIncomplete(waiter, capacity - current.capacity())) {
            frame = allocator.directBuffer(capacity, capacity).writeBytes(current);
            current.release();
        }
    }

    private int capacityFor(int arrivedBytes) {
        return (int) Math.min(length, Math.max(FIRST_CAPACITY_BYTES, (long) GROWTH * arrivedBytes));
    }

    @Override
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return SHARED_BUFFER_BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator ignored) {
                return nextBuffer();
            }
        };
    }

    private ByteBuf nextBuffer() {
        ByteBuf current = frame;
        if (current != null && current.isWritable()) {
            return current.retain();
        }
        ByteBuf shared = SHARED_BUFFER.get();
        return memory.isScarce() || isBlocked()
                ? shared.retainedSlice(0, SCARCE_BUFFER_BYTES).clear()
                : shared.retain().clear();
    }
}
