package io.brokkr.protocol.record.legacy;

import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.RecordFileSlice;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The whole batches of record data, with no more of a file in memory than a chunk or one batch. Each batch is valid until the next one is asked for. */
final class StoredBatches {

    private static final int CHUNK_SIZE = 64 << 10;

    private final @Nullable RecordFileSlice file;
    /** How much of the file was read. */
    private int read;
    /** What was read and not yet returned, from position to limit. */
    private ByteBuffer window;

    StoredBatches(RecordData data) throws IOException {
        if (data instanceof RecordFileSlice slice) {
            file = slice;
            window = ByteBuffer.allocate(Math.min(CHUNK_SIZE, slice.sizeInBytes()))
                    .limit(0);
        } else {
            file = null;
            window = ((RecordBuffers) data).toBuffer();
        }
    }

    /**
     * The next batch, null where there is none or it is cut.
     *
     * @throws InvalidRecordBatchException if what is there is none of magic 2
     */
    @Nullable
    RecordBatch next() throws IOException {
        fill(RecordBatch.HEADER_SIZE);
        Iterator<RecordBatch> batches = RecordBatches.possiblyCut(window).iterator();
        if (!batches.hasNext()) {
            if (window.remaining() < RecordBatches.LOG_OVERHEAD_SIZE) {
                return null;
            }
            fill(RecordBatches.LOG_OVERHEAD_SIZE + window.getInt(window.position() + RecordBatch.LENGTH_POSITION));
            batches = RecordBatches.possiblyCut(window).iterator();
        }
        if (!batches.hasNext()) {
            return null;
        }
        RecordBatch next = batches.next();
        window.position(window.position() + next.sizeInBytes());
        return next;
    }

    /** Reads until the window has a number of bytes, or all that are left. */
    private void fill(int sizeInBytes) throws IOException {
        if (file == null || window.remaining() >= sizeInBytes || read == file.sizeInBytes()) {
            return;
        }
        int left = window.remaining() + file.sizeInBytes() - read;
        int wanted = Math.min(left, Math.max(sizeInBytes, CHUNK_SIZE));
        ByteBuffer next = wanted <= window.capacity()
                ? window.compact()
                : ByteBuffer.allocate(wanted).put(window);
        next.limit(wanted);
        while (next.hasRemaining()) {
            int count = file.channel().read(next, file.position() + read);
            if (count < 0) {
                throw new EOFException("the file ends " + next.remaining() + " bytes before the batches do");
            }
            read += count;
        }
        window = next.flip();
    }
}
