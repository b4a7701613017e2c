package io.brokkr.protocol.record;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The records of a batch, compressed or not, one at a time. Used by one thread at a time.
 *
 * <p>Of a compressed batch only one record is in memory at once: it is valid until the next one is asked for. Reading fails with {@link InvalidRecordBatchException} at
 * the first malformed record, and where the data ends early or does not end with the last record.
 */
public final class RecordStream implements Iterator<Record>, AutoCloseable {

    private static final int LARGEST_VARINT_SIZE = 5;

    private final RecordBatch batch;
    private final DecompressedBytes bytes;
    private int left;

    private RecordStream(RecordBatch batch, DecompressedBytes bytes) {
        this.batch = batch;
        this.bytes = bytes;
        this.left = batch.recordCount();
        if (left < 0) {
            throw RecordReader.malformed("the batch counts " + left + " of them");
        }
    }

    /**
     * Opens a batch.
     *
     * @throws InvalidRecordBatchException {@code UNSUPPORTED_COMPRESSION_TYPE} if there is no codec for it
     */
    public static RecordStream open(RecordBatch batch, CompressionCodecs codecs) {
        return new RecordStream(
                batch, codecs.decompress(batch.compression(), batch.encodedRecords(), RecordBatch.MAGIC));
    }

    @Override
    public boolean hasNext() {
        return left > 0;
    }

    @Override
    public Record next() {
        if (left == 0) {
            throw new NoSuchElementException();
        }
        int size = readSize();
        if (size < 0 || bytes.fill(size) < size) {
            throw RecordReader.malformed("its length is " + size + ", with " + bytes.fill(0) + " bytes left");
        }
        ByteBuffer window = bytes.window();
        RecordReader reader = new RecordReader(window, bytes.position(), bytes.position() + size);
        Record next = Record.read(reader, window, batch);
        bytes.skip(size);
        left--;
        if (left == 0 && bytes.fill(1) > 0) {
            throw RecordReader.malformed("bytes are left after the last of " + batch.recordCount());
        }
        return next;
    }

    private int readSize() {
        int available = Math.min(bytes.fill(LARGEST_VARINT_SIZE), LARGEST_VARINT_SIZE);
        RecordReader reader = new RecordReader(bytes.window(), bytes.position(), bytes.position() + available);
        int size = reader.readVarint();
        bytes.skip(reader.position() - bytes.position());
        return size;
    }

    @Override
    public void close() {
        bytes.close();
    }
}
