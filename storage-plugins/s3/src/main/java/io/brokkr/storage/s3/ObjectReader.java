package io.brokkr.storage.s3;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.CorruptLogException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Finds batches in one data object. */
final class ObjectReader {

    private final DataObject object;
    private final Source source;

    /** Where the bytes of objects come from. */
    @FunctionalInterface
    interface Source {

        /**
         * A part of an object.
         *
         * @param length 1 or more
         * @return position 0 to limit the length; null from a source that does not wait, and would have to
         */
        @Nullable
        ByteBuffer bytes(DataObject object, int from, int length);
    }

    ObjectReader(DataObject object, Source source) {
        this.object = object;
        this.source = source;
    }

    private @Nullable ByteBuffer bytes(int from, int length) {
        return length == 0 ? ByteBuffer.allocate(0) : source.bytes(object, from, length);
    }

    /** As {@link io.brokkr.spi.storage.PartitionLog#read}; nothing if there is no batch there in this object. Null where the source would have to wait. */
    @Nullable
    ByteBuffer read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        int dataSize = object.dataSizeInBytes();
        ByteBuffer index = bytes(dataSize, object.sizeInBytes() - dataSize);
        if (index == null) {
            return null;
        }
        ObjectIndex.Range range = ObjectIndex.find(index, offset, dataSize);
        long windowEnd = Math.min(dataSize, range.end() + (long) Math.max(maxBytes, RecordBatch.HEADER_SIZE));
        ByteBuffer window = bytes(range.begin(), (int) windowEnd - range.begin());
        if (window == null) {
            return null;
        }
        int first = skipTo(window, offset, dataSize - range.begin());
        if (first >= window.limit() || BatchHeader.baseOffset(window, first) >= endOffset) {
            return ByteBuffer.allocate(0);
        }
        int firstSize = BatchHeader.sizeInBytes(window, first, dataSize - range.begin() - first);
        if (atLeastOneBatch && firstSize > maxBytes) {
            return bytes(range.begin() + first, firstSize);
        }
        int limit = (int) Math.min(window.limit(), first + (long) maxBytes);
        return window.slice(first, endOf(window, first, limit, endOffset, dataSize - range.begin()) - first);
    }

    /** Where the batch begins that holds the offset or comes behind it; the window's end if there is none. */
    private static int skipTo(ByteBuffer window, long offset, int dataLeft) {
        int position = 0;
        while (position < window.limit()) {
            if (!BatchHeader.isWhole(window, position)) {
                throw new CorruptLogException("the index of an object leads to where no batch begins");
            }
            if (BatchHeader.lastOffset(window, position) >= offset) {
                return position;
            }
            position += BatchHeader.sizeInBytes(window, position, dataLeft - position);
        }
        return position;
    }

    /** Up to where batches may be given; the last one is cut off at the limit, or left out if so little of it is there that its offset is not known. */
    private static int endOf(ByteBuffer window, int first, int limit, long endOffset, int dataLeft) {
        int position = first;
        while (position < limit
                && BatchHeader.isThere(window, position)
                && BatchHeader.baseOffset(window, position) < endOffset) {
            position += BatchHeader.sizeInBytes(window, position, dataLeft - position);
        }
        return Math.min(position, limit);
    }
}
