package io.brokkr.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of a {@code records} field: whole record batches, one behind the other, in memory or in a file, and never copied
 * or decoded on their way through the broker.
 *
 * <p><b>Ownership.</b> Record data has exactly one owner at a time, who calls {@link #close} once. Whoever returns record
 * data hands it over with the return; a response hands over the record data in it, and the transport closes it after
 * the last byte was sent or when the connection is lost. In a request the data belongs to the transport and is
 * valid until the stage that the handler returned is complete.
 */
public sealed interface RecordData extends AutoCloseable permits RecordBuffers, RecordFileSlice {

    /** The number of bytes, 0 or more. */
    int sizeInBytes();

    /**
     * The bytes as one buffer, position 0 to limit {@link #sizeInBytes}: a view of the memory where it is contiguous, else a copy.
     *
     * @throws IOException if the data is in a file that cannot be read
     */
    ByteBuffer toBuffer() throws IOException;

    /** Gives up the memory or the file; the bytes must not be touched any more. A second call does nothing. */
    @Override
    void close();

    /** Record data without a byte in it. */
    static RecordData empty() {
        return RecordBuffers.EMPTY;
    }

    /** A view of a buffer's remaining bytes that nobody has to give back, such as memory of the heap. */
    static RecordData of(ByteBuffer buffer) {
        return RecordBuffers.of(buffer);
    }
}
