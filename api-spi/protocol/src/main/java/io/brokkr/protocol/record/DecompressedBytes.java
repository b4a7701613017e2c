package io.brokkr.protocol.record;

import io.brokkr.protocol.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A window that moves over bytes while they are decompressed. Used by one thread at a time.
 *
 * <p>The window is as large as the largest part that somebody asked for and that really came: no length that the data claims takes memory. How much comes
 * is limited too, since a few bytes can be made to decompress to gigabytes: in all, {@value #ALWAYS_ALLOWED} bytes are allowed, more only as long as they are not over
 * {@value #HIGHEST_RATIO} times what they were compressed to, and never more than {@value #NEVER_ALLOWED}, the most that Kafka takes in one request of a client
 * that does not compress at all. What is looked at at once, a record as a rule, may have {@value #LARGEST_PART} bytes, or as many times what was compressed as {@value
 * #HIGHEST_RATIO_OF_PART}.
 */
public final class DecompressedBytes implements AutoCloseable {

    /** Real data that becomes this small is full of repetition, and yet worth carrying. */
    static final int ALWAYS_ALLOWED = 16 << 20;

    /** Beyond what is always allowed. Logs and JSON reach 30; gzip ends at about 1,000, Zstandard far above. */
    static final int HIGHEST_RATIO = 100;

    /** The default of {@code socket.request.max.bytes}. */
    static final int NEVER_ALLOWED = 100 << 20;

    /** Memory is taken for this much, by each thread that opens batches. */
    static final int LARGEST_PART = 8 << 20;

    /** For those who have allowed larger batches than is usual. */
    static final int HIGHEST_RATIO_OF_PART = 8;

    private static final int INITIAL_CAPACITY = 16 << 10;

    private final InputStream source;
    private final long allowed;
    private final long allowedAtOnce;
    private long received;
    private ByteBuffer window = ByteBuffer.allocate(INITIAL_CAPACITY);
    private int position;
    private int end;

    /** The bytes of a stream, which is closed with this. */
    DecompressedBytes(InputStream source, int compressedSize) {
        this.source = source;
        this.allowed = Math.min(NEVER_ALLOWED, Math.max(ALWAYS_ALLOWED, (long) compressedSize * HIGHEST_RATIO));
        this.allowedAtOnce = Math.min(allowed, Math.max(LARGEST_PART, (long) compressedSize * HIGHEST_RATIO_OF_PART));
    }

    /**
     * Moves the window so that a number of bytes from the position on can be read.
     *
     * @return the number of bytes from the position on that are in the window: fewer than asked for if the data ends there
     * @throws InvalidRecordBatchException {@code INVALID_RECORD} if the data is not of its format, {@code MESSAGE_TOO_LARGE} if there is too much of it
     */
    public int fill(int sizeInBytes) {
        while (end - position < sizeInBytes) {
            if (end == window.capacity()) {
                makeRoom();
            }
            int count = read();
            if (count < 0) {
                break;
            }
            end += count;
        }
        return end - position;
    }

    private void makeRoom() {
        // Half full at most after it has moved: else much would be moved for little room.
        boolean full = end - position > window.capacity() / 2;
        if (full && window.capacity() >= allowedAtOnce) {
            throw tooMuch(allowedAtOnce + " bytes for one of them");
        }
        ByteBuffer roomy = full ? ByteBuffer.allocate((int) Math.min(2L * window.capacity(), allowedAtOnce)) : window;
        System.arraycopy(window.array(), position, roomy.array(), 0, end - position);
        window = roomy;
        end -= position;
        position = 0;
    }

    private int read() {
        int count;
        try {
            count = source.read(window.array(), end, window.capacity() - end);
        } catch (IOException malformed) {
            throw new InvalidRecordBatchException(
                    ErrorCode.INVALID_RECORD,
                    "the records cannot be decompressed: " + malformed.getMessage(),
                    malformed);
        }
        received += Math.max(count, 0);
        if (received > allowed) {
            throw tooMuch(allowed + " bytes");
        }
        return count;
    }

    private static InvalidRecordBatchException tooMuch(String limit) {
        return new InvalidRecordBatchException(
                ErrorCode.MESSAGE_TOO_LARGE, "the records decompress to more than " + limit);
    }

    /** The window, to be read by absolute positions; valid until the next call of {@link #fill}. */
    public ByteBuffer window() {
        return window;
    }

    /** The position in the window. */
    public int position() {
        return position;
    }

    /** Moves the position forward, within what the last {@link #fill} gave. */
    public void skip(int sizeInBytes) {
        position += sizeInBytes;
    }

    @Override
    public void close() {
        try {
            source.close();
        } catch (IOException ignored) {
            // What is not wanted any more need not end well.
        }
    }
}
