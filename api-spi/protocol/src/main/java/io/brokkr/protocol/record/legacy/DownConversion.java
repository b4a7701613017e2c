package io.brokkr.protocol.record.legacy;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Makes the message set that an old consumer reads of stored batches, as Apache Kafka 3.9 does. Thread-safe.
 *
 * <p>A batch that is compressed becomes a wrapper with the same compression and all its records, also those before the offset that the consumer asked for: it skips them. Of
 * a batch that is not compressed, those are left out, for some old consumers do not skip there. Headers are dropped, and so are control records, which old consumers would take
 * for data. Zstandard did not exist for these consumers, and is refused as Kafka refuses it.
 *
 * <p>The result and one batch are in memory, of a compressed batch the batch as it is and one record of it; the checksum of each batch is verified, since its
 * messages get a new one.
 */
public final class DownConversion {

    private final CompressionCodecs codecs;
    private final CompressionCodecs wrapperCodecs;

    /** Opens batches with these codecs, and compresses wrappers with the fastest of their formats: each fetch has them made anew. */
    public DownConversion(CompressionCodecs codecs) {
        this.codecs = codecs;
        this.wrapperCodecs = codecs.fastest();
    }

    /**
     * Converts what was read of one partition.
     *
     * @param data whole batches, the last of which may be cut and is then left out; stays the caller's
     * @param magic of the messages, 0 or 1
     * @param firstOffset what the consumer asked for
     * @param maximumSize the most bytes to make; the first message is made all the same, also where it is a wrapper
     * @return whole messages, on the heap, possibly none
     * @throws InvalidRecordBatchException if already the first batch that holds something for the consumer cannot be converted: {@code CORRUPT_MESSAGE}, {@code
     *     UNSUPPORTED_COMPRESSION_TYPE}, {@code INVALID_RECORD}, {@code MESSAGE_TOO_LARGE}; of a later one the consumer hears when it gets there
     * @throws IOException if the data cannot be read
     */
    public ByteBuffer convert(RecordData data, byte magic, long firstOffset, int maximumSize) throws IOException {
        MessageSetWriter set = new MessageSetWriter(magic);
        StoredBatches batches = new StoredBatches(data);
        int converted = 0;
        try {
            for (RecordBatch next = batches.next(); next != null; next = batches.next()) {
                boolean full = convert(next, firstOffset, maximumSize, set);
                if (converted > 0 && set.size() > maximumSize) {
                    break;
                }
                converted = set.size();
                if (full || (converted > 0 && converted >= maximumSize)) {
                    break;
                }
            }
        } catch (InvalidRecordBatchException invalid) {
            if (converted == 0) {
                throw invalid;
            }
        }
        set.truncate(converted);
        return set.written();
    }

    /** Converts a batch, or as much of it as there is room for; gives whether it found that there is no more room. */
    private boolean convert(RecordBatch batch, long firstOffset, int maximumSize, MessageSetWriter set) {
        if (batch.isControl() || batch.recordCount() == 0 || batch.nextOffset() <= firstOffset) {
            return false;
        }
        Compression compression = batch.compression();
        if (compression == Compression.NONE) {
            batch.verify();
            return convertRecords(batch, firstOffset, maximumSize, set);
        }
        if (compression == Compression.ZSTD) {
            throw new InvalidRecordBatchException(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "there is no Zstandard in old message formats");
        }
        if (set.size() > 0 && (long) set.size() + batch.sizeInBytes() > maximumSize) {
            return true;
        }
        batch.verify();
        try (RecordStream records = RecordStream.open(batch, codecs)) {
            set.writeWrapper(records, compression, batch.timestampType(), wrapperCodecs);
        }
        return false;
    }

    private static boolean convertRecords(RecordBatch batch, long firstOffset, int maximumSize, MessageSetWriter set) {
        for (Record next : batch.records()) {
            if (next.offset() >= firstOffset) {
                long limit = set.size() == 0 ? Long.MAX_VALUE : maximumSize;
                if (!set.writeWithin(limit, next, batch.timestampType())) {
                    return true;
                }
            }
        }
        return false;
    }
}
