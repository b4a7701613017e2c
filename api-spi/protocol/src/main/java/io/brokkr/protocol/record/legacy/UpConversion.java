package io.brokkr.protocol.record.legacy;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.GrowingBuffer;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes record batches of the message set that an old producer sends: keys, values, nulls, timestamps and the order stay, offsets are counted anew from 0. Thread-safe.
 *
 * <p>A set that is not compressed becomes one batch, or several if it does not fit into one; a wrapper, which must be alone in its set, becomes one.
 */
public final class UpConversion {

    /** What a batch's record needs besides key and value, at most: eight numbers in front of it. */
    private static final int LARGEST_RECORD_OVERHEAD = 40;

    private final CompressionCodecs codecs;

    /** Opens wrappers and compresses batches with these codecs. */
    public UpConversion(CompressionCodecs codecs) {
        this.codecs = codecs;
    }

    /**
     * Converts the message set of one partition.
     *
     * @param messageSet from position to limit, whole messages; left as it is
     * @param compression of the batches, or null for that which the producer chose
     * @param maximumBatchSize the most bytes that a batch may have
     * @return batches as a producer sends them, one or more, on the heap
     * @throws InvalidRecordBatchException {@code CORRUPT_MESSAGE} if a length or a checksum is wrong; {@code INVALID_RECORD} for an empty set, a wrapper in a wrapper or beside other
     *     messages, Zstandard, or wrong bytes inside of a wrapper; {@code INVALID_TIMESTAMP} for timestamps that are not a producer's to give; {@code MESSAGE_TOO_LARGE} if a
     *     message does not fit into a batch, or a wrapper decompresses to more than is good for a broker; {@code UNSUPPORTED_COMPRESSION_TYPE} if there is no codec
     */
    public ByteBuffer convert(ByteBuffer messageSet, @Nullable Compression compression, int maximumBatchSize) {
        LegacyMessages messages = new LegacyMessages(messageSet);
        if (!messages.hasNext()) {
            throw InnerMessages.invalid("there is no message in it");
        }
        LegacyMessage first = messages.next();
        if (!first.isCompressed()) {
            Batches batches = new Batches(compression == null ? Compression.NONE : compression, maximumBatchSize, true);
            for (LegacyMessage next = first; ; next = messages.next()) {
                if (next.isCompressed()) {
                    throw InnerMessages.invalid("a wrapper is not alone in it");
                }
                batches.add(next);
                if (!messages.hasNext()) {
                    return batches.end();
                }
            }
        }
        if (messages.hasNext()) {
            throw InnerMessages.invalid("a wrapper is not alone in it");
        }
        requireCreateTime(first);
        Batches batches = new Batches(compression == null ? first.compression() : compression, maximumBatchSize, false);
        try (InnerMessages inner = new InnerMessages(first, codecs)) {
            for (LegacyMessage next = inner.next(); next != null; next = inner.next()) {
                batches.add(next);
            }
        }
        return batches.end();
    }

    private static void requireCreateTime(LegacyMessage message) {
        if (message.timestampType() == TimestampType.LOG_APPEND_TIME) {
            throw new InvalidRecordBatchException(
                    ErrorCode.INVALID_TIMESTAMP, "a producer claims that its timestamps are the broker's");
        }
    }

    /** The batches that are made. */
    private final class Batches {

        private final Compression compression;
        private final int maximumSize;
        private final boolean several;
        private final List<ByteBuffer> complete = new ArrayList<>();
        private RecordBatchBuilder current;

        /** With several, a new one is begun where the next message does not fit into the last; what a wrapper holds is not bounded by the request, and stays together. */
        Batches(Compression compression, int maximumSize, boolean several) {
            this.compression = compression;
            this.maximumSize = maximumSize;
            this.several = several;
            this.current = begin();
        }

        private RecordBatchBuilder begin() {
            return compression == Compression.NONE
                    ? new RecordBatchBuilder()
                    : new RecordBatchBuilder(compression, codecs, maximumSize);
        }

        void add(LegacyMessage message) {
            requireCreateTime(message);
            long timestamp = message.timestamp();
            if (timestamp < RecordBatch.NO_TIMESTAMP) {
                throw new InvalidRecordBatchException(
                        ErrorCode.INVALID_TIMESTAMP, "a message has the timestamp " + timestamp);
            }
            ByteBuffer key = message.key();
            ByteBuffer value = message.value();
            long largest = LARGEST_RECORD_OVERHEAD
                    + (key == null ? 0L : key.remaining())
                    + (value == null ? 0L : value.remaining());
            if (several && current.recordCount() > 0 && current.sizeInBytes() + largest > maximumSize) {
                complete.add(build());
                current = begin();
            }
            if (compression == Compression.NONE && current.sizeInBytes() > maximumSize) {
                throw tooLarge();
            }
            try {
                current.append(timestamp, key, value);
            } catch (GrowingBuffer.SizeLimitException tooLarge) {
                throw tooLarge();
            }
        }

        private ByteBuffer build() {
            try {
                ByteBuffer batch = current.build();
                if (batch.remaining() <= maximumSize) {
                    return batch;
                }
            } catch (GrowingBuffer.SizeLimitException tooLarge) {
                // Said below, as of a batch that is not compressed.
            }
            throw tooLarge();
        }

        private InvalidRecordBatchException tooLarge() {
            return new InvalidRecordBatchException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "a message of an old format has more than " + maximumSize + " bytes as a record batch");
        }

        ByteBuffer end() {
            ByteBuffer last = build();
            if (complete.isEmpty()) {
                return last;
            }
            complete.add(last);
            int size = complete.stream().mapToInt(ByteBuffer::remaining).reduce(0, Math::addExact);
            ByteBuffer all = ByteBuffer.allocate(size);
            complete.forEach(all::put);
            return all.flip();
        }
    }
}
