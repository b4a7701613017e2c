package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.CorruptLogException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Walks through the batches of a file by their headers, whose layout stands in {@link RecordBatch}. Small batches come several to a read, of large ones nothing but
 * the header is read.
 *
 * <p>A thread uses one cursor at a time, since all of its cursors share their buffers outside of the heap.
 */
final class BatchCursor {

    private static final int CHUNK_SIZE_IN_BYTES = 8192;
    private static final int BUFFER_SIZE_IN_BYTES = 64 << 10;
    private static final ThreadLocal<ByteBuffer> CHUNKS =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK_SIZE_IN_BYTES));

    /** For whole batches: outside of the heap, since a read into it would copy twice. */
    private static final ThreadLocal<ByteBuffer> BUFFERS =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BUFFER_SIZE_IN_BYTES));

    private static final int LENGTH_AT = 8;
    private static final int LENGTH_COUNTS_FROM = 12;
    private static final int MAGIC_AT = 16;
    private static final int CRC_AT = 17;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int MAX_TIMESTAMP_AT = 35;

    /** Where the bytes begin that the checksum covers. */
    static final int CHECKED_FROM = 21;

    private final FileChannel channel;
    private final long limit;
    private final ByteBuffer chunk = CHUNKS.get();
    private long chunkPosition;
    private long position;
    private int sizeInBytes;
    private int at;

    /**
     * Stands before the batch at a position.
     *
     * @param limit where the last batch ends
     */
    BatchCursor(FileChannel channel, long position, long limit) {
        this.channel = channel;
        this.position = position;
        this.limit = limit;
        chunk.clear().limit(0);
        chunkPosition = position;
    }

    /**
     * Goes on to the next batch.
     *
     * @return false if there is none, or if what is there cannot be the header of one that ends within the limit; the cursor is not to be used any
     *     more then, but for its {@link #end}
     */
    boolean tryNext() throws IOException {
        position += sizeInBytes;
        sizeInBytes = 0;
        if (limit - position < RecordBatch.HEADER_SIZE) {
            return false;
        }
        at = (int) Math.min(position - chunkPosition, Integer.MAX_VALUE);
        if (chunk.limit() - at < RecordBatch.HEADER_SIZE) {
            load();
        }
        long size = (long) chunk.getInt(at + LENGTH_AT) + LENGTH_COUNTS_FROM;
        if (size < RecordBatch.HEADER_SIZE
                || size > limit - position
                || chunk.get(at + MAGIC_AT) != RecordBatch.MAGIC
                || chunk.getInt(at + LAST_OFFSET_DELTA_AT) < 0
                || chunk.getLong(at) < 0) {
            return false;
        }
        sizeInBytes = (int) size;
        return true;
    }

    /** Lets the next step lead to the same batch once more. */
    void again() {
        sizeInBytes = 0;
    }

    private void load() throws IOException {
        chunk.clear().limit((int) Math.min(CHUNK_SIZE_IN_BYTES, limit - position));
        while (chunk.position() < RecordBatch.HEADER_SIZE) {
            if (channel.read(chunk, position + chunk.position()) < 0) {
                throw new CorruptLogException("the file ends before " + limit + ", which is less than was written");
            }
        }
        chunk.flip();
        chunkPosition = position;
        at = 0;
    }

    /** Where the batch begins. */
    long position() {
        return position;
    }

    /** Where the batch ends; where the next one would begin that there is not. */
    long end() {
        return position + sizeInBytes;
    }

    int sizeInBytes() {
        return sizeInBytes;
    }

    long baseOffset() {
        return chunk.getLong(at);
    }

    long lastOffset() {
        return baseOffset() + chunk.getInt(at + LAST_OFFSET_DELTA_AT);
    }

    long maxTimestamp() {
        return chunk.getLong(at + MAX_TIMESTAMP_AT);
    }

    /** Reads all of the batch, and tells whether it has the checksum that it carries. Base offset and leader epoch are not covered. */
    boolean isWhole() throws IOException {
        ByteBuffer buffer = BUFFERS.get();
        CRC32C checksum = new CRC32C();
        long from = position + CHECKED_FROM;
        while (from < end()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end() - from));
            int count = channel.read(buffer, from);
            if (count < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
            checksum.update(buffer.flip());
            from += count;
        }
        return (int) checksum.getValue() == chunk.getInt(at + CRC_AT);
    }
}
