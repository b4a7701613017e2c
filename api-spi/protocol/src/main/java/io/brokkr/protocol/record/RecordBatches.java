package io.brokkr.protocol.record;

import io.brokkr.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The record batches in a buffer, one behind the other, found by their length fields and otherwise not looked into.
 *
 * <p>Iterators fail with {@link InvalidRecordBatchException}, from {@code hasNext} and {@code next} alike, where a batch is not of
 * magic 2 or its length cannot be right, and stay there. Checksums are left to {@link RecordBatch#verify}.
 */
public final class RecordBatches implements Iterable<RecordBatch> {

    /** The size of what precedes the batch length and of the length itself; the length does not count them. */
    public static final int LOG_OVERHEAD_SIZE = 12;

    /** The smallest message of any magic: crc, magic, attributes, and the lengths of a null key and value, of magic 0. */
    private static final int SMALLEST_LENGTH = 14;

    private static final int CUT = -1;

    private final ByteBuffer region;
    private final boolean mayBeCut;

    private RecordBatches(ByteBuffer region, boolean mayBeCut) {
        this.region = region;
        this.mayBeCut = mayBeCut;
    }

    /** The batches that fill a buffer's remaining bytes; it is an error if the last one is cut, as in a produce request. */
    public static RecordBatches complete(ByteBuffer buffer) {
        return new RecordBatches(buffer.slice(), false);
    }

    /**
     * The batches that a buffer's remaining bytes begin with; the last one may be cut anywhere and is then left out, as in a fetch
     * response or at the end of a file.
     */
    public static RecordBatches possiblyCut(ByteBuffer buffer) {
        return new RecordBatches(buffer.slice(), true);
    }

    @Override
    public Iterator<RecordBatch> iterator() {
        return new BatchIterator();
    }

    /** The one batch that fills a region, which is a slice of its own. */
    static RecordBatch only(ByteBuffer region) {
        int size = completeSize(region, 0);
        if (size < region.limit()) {
            throw corrupt((region.limit() - size) + " bytes are left after the batch");
        }
        return new RecordBatch(region, 0, size);
    }

    private static int completeSize(ByteBuffer region, int position) {
        int size = sizeOfBatchAt(region, position);
        if (size == CUT) {
            throw corrupt("the " + (region.limit() - position) + " bytes at " + position + " are not a whole batch");
        }
        return size;
    }

    /** The size of the batch at a position, or {@link #CUT} if the region ends before it does. */
    private static int sizeOfBatchAt(ByteBuffer region, int position) {
        int remaining = region.limit() - position;
        if (remaining < LOG_OVERHEAD_SIZE) {
            return CUT;
        }
        int length = region.getInt(position + RecordBatch.LENGTH_POSITION);
        if (length < SMALLEST_LENGTH || length > Integer.MAX_VALUE - LOG_OVERHEAD_SIZE) {
            throw corrupt("the batch at " + position + " has a length of " + length + " bytes");
        }
        if (remaining <= RecordBatch.MAGIC_POSITION) {
            return CUT;
        }
        // Old message sets have another layout, but the same length field, and the magic in the same place.
        refuseOtherMagic(region.get(position + RecordBatch.MAGIC_POSITION));
        int size = length + LOG_OVERHEAD_SIZE;
        if (size < RecordBatch.HEADER_SIZE) {
            throw corrupt("the batch at " + position + " has " + size + " bytes, less than its header");
        }
        return size > remaining ? CUT : size;
    }

    private static void refuseOtherMagic(byte magic) {
        if (magic == 0 || magic == 1) {
            throw new InvalidRecordBatchException(
                    ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT,
                    "there is a message set of magic " + magic + " where only record batches of magic 2 belong");
        }
        if (magic != RecordBatch.MAGIC) {
            throw corrupt("there is no magic " + magic);
        }
    }

    private static InvalidRecordBatchException corrupt(String reason) {
        return new InvalidRecordBatchException(ErrorCode.CORRUPT_MESSAGE, "corrupt record batch: " + reason);
    }

    private final class BatchIterator implements Iterator<RecordBatch> {

        private int position;

        @Override
        public boolean hasNext() {
            if (position == region.limit()) {
                return false;
            }
            return !mayBeCut || sizeOfBatchAt(region, position) != CUT;
        }

        @Override
        public RecordBatch next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int size = completeSize(region, position);
            RecordBatch next = new RecordBatch(region, position, size);
            position += size;
            return next;
        }
    }
}
