package io.brokkr.protocol.record;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one batch of magic 2, byte for byte as Kafka's clients do: the timestamps are the producer's, and the
 * offsets follow each other without a gap.
 *
 * <p>The memory grows with the records, or with what they are compressed to. A builder is used once.
 */
public final class RecordBatchBuilder {

    private static final int INITIAL_CAPACITY = 512;
    private static final int COMPRESSED_AT_ONCE = 16 << 10;

    private long baseOffset;
    private int partitionLeaderEpoch = RecordBatch.NO_PARTITION_LEADER_EPOCH;
    private long producerId = RecordBatch.NO_PRODUCER_ID;
    private short producerEpoch = RecordBatch.NO_PRODUCER_EPOCH;
    private int baseSequence = RecordBatch.NO_SEQUENCE;
    private int flags;

    /** The batch up to now; of a compressed one, the records that are still to be compressed. */
    private ByteBuffer buffer = ByteBuffer.allocate(INITIAL_CAPACITY);

    private final @Nullable GrowingBuffer compressed;
    private final @Nullable OutputStream compressor;
    private int recordCount;
    private long baseTimestamp = RecordBatch.NO_TIMESTAMP;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;
    private boolean built;

    /** A batch as a producer sends it: base offset 0, no leader epoch, no producer id, no flags. */
    public RecordBatchBuilder() {
        compressed = null;
        compressor = null;
        buffer.position(RecordBatch.HEADER_SIZE);
    }

    /**
     * The same, compressed.
     *
     * @param maximumSize the most bytes that the batch may have; if it gets more, {@code append} or {@code build} throw {@link GrowingBuffer.SizeLimitException}
     * @throws InvalidRecordBatchException {@code UNSUPPORTED_COMPRESSION_TYPE} if there is no such codec
     */
    public RecordBatchBuilder(Compression compression, CompressionCodecs codecs, int maximumSize) {
        GrowingBuffer sink = new GrowingBuffer(INITIAL_CAPACITY, maximumSize);
        sink.room(RecordBatch.HEADER_SIZE).put(new byte[RecordBatch.HEADER_SIZE]);
        compressed = sink;
        compressor = codecs.compress(compression, sink, RecordBatch.MAGIC);
        flags = compression.code();
    }

    /** Sets the offset of the first record, 0 otherwise. */
    public RecordBatchBuilder baseOffset(long offset) {
        baseOffset = offset;
        return this;
    }

    /** Sets the leader epoch, {@link RecordBatch#NO_PARTITION_LEADER_EPOCH} otherwise. */
    public RecordBatchBuilder partitionLeaderEpoch(int epoch) {
        partitionLeaderEpoch = epoch;
        return this;
    }

    /** Makes the batch one of an idempotent producer. */
    public RecordBatchBuilder producer(long id, short epoch, int sequenceOfFirstRecord) {
        producerId = id;
        producerEpoch = epoch;
        baseSequence = sequenceOfFirstRecord;
        return this;
    }

    /** Makes the batch part of a transaction. */
    public RecordBatchBuilder transactional() {
        flags |= RecordBatch.TRANSACTIONAL_FLAG;
        return this;
    }

    /** Makes the batch one of control records. */
    public RecordBatchBuilder control() {
        flags |= RecordBatch.CONTROL_FLAG;
        return this;
    }

    /** Appends a record without headers; as the longer {@link #append(long, ByteBuffer, ByteBuffer, List) append}. */
    public RecordBatchBuilder append(long timestamp, @Nullable ByteBuffer key, @Nullable ByteBuffer value) {
        return append(timestamp, key, value, List.of());
    }

    /**
     * Appends a copy of a record; the buffers' bytes count from position to limit, and their positions stay where they are.
     *
     * @param timestamp epoch milliseconds, or {@link RecordBatch#NO_TIMESTAMP}
     * @throws IllegalArgumentException if the timestamp is below that
     * @throws ArithmeticException if the batch would exceed {@link Integer#MAX_VALUE} bytes
     * @throws IllegalStateException if the batch is built already
     */
    public RecordBatchBuilder append(
            long timestamp, @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        refuseWhenBuilt();
        if (timestamp < RecordBatch.NO_TIMESTAMP) {
            throw new IllegalArgumentException("a record cannot have the timestamp " + timestamp);
        }
        if (recordCount == 0) {
            baseTimestamp = timestamp;
        }
        RecordLayout record =
                new RecordLayout(timestamp - baseTimestamp, recordCount, key, new RecordContent(value, headers));
        ensureRoomFor(record.sizeInBytes());
        record.writeTo(buffer);
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        recordCount++;
        if (compressor != null && buffer.position() >= COMPRESSED_AT_ONCE) {
            compressWaiting(compressor);
        }
        return this;
    }

    private void compressWaiting(OutputStream target) {
        try {
            target.write(buffer.array(), 0, buffer.position());
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does not take what is compressed", impossible);
        }
        buffer.clear();
    }

    private void ensureRoomFor(int sizeInBytes) {
        int needed = Math.addExact(buffer.position(), sizeInBytes);
        if (needed > buffer.capacity()) {
            int doubled = (int) Math.min(2L * buffer.capacity(), Integer.MAX_VALUE);
            buffer = ByteBuffer.allocate(Math.max(needed, doubled)).put(buffer.flip());
        }
    }

    private void refuseWhenBuilt() {
        if (built) {
            throw new IllegalStateException("the batch is built already");
        }
    }

    /** The number of records up to now. */
    public int recordCount() {
        return recordCount;
    }

    /** The size that the batch has now, header included; what is not compressed yet counts as it is. */
    public int sizeInBytes() {
        return buffer.position() + (compressed == null ? 0 : compressed.size());
    }

    /**
     * Ends the batch.
     *
     * @return the batch on the heap, position 0 to limit {@link #sizeInBytes}, now the caller's
     * @throws IllegalStateException if there is no record in it, or it was built before
     */
    public ByteBuffer build() {
        refuseWhenBuilt();
        if (recordCount == 0) {
            throw new IllegalStateException("a batch without records cannot be written");
        }
        built = true;
        if (compressor != null && compressed != null) {
            finishCompression(compressor, compressed);
        }
        int size = buffer.position();
        buffer.putLong(RecordBatch.BASE_OFFSET_POSITION, baseOffset)
                .putInt(RecordBatch.LENGTH_POSITION, size - RecordBatches.LOG_OVERHEAD_SIZE)
                .putInt(RecordBatch.PARTITION_LEADER_EPOCH_POSITION, partitionLeaderEpoch)
                .put(RecordBatch.MAGIC_POSITION, RecordBatch.MAGIC)
                .putShort(RecordBatch.ATTRIBUTES_POSITION, (short) flags)
                .putInt(RecordBatch.LAST_OFFSET_DELTA_POSITION, recordCount - 1)
                .putLong(RecordBatch.BASE_TIMESTAMP_POSITION, baseTimestamp)
                .putLong(RecordBatch.MAX_TIMESTAMP_POSITION, maxTimestamp)
                .putLong(RecordBatch.PRODUCER_ID_POSITION, producerId)
                .putShort(RecordBatch.PRODUCER_EPOCH_POSITION, producerEpoch)
                .putInt(RecordBatch.BASE_SEQUENCE_POSITION, baseSequence)
                .putInt(RecordBatch.RECORD_COUNT_POSITION, recordCount);
        ByteBuffer batch = buffer.slice(0, size);
        new RecordBatch(batch, 0, size).updateCrc();
        return batch;
    }

    private void finishCompression(OutputStream target, GrowingBuffer sink) {
        compressWaiting(target);
        try {
            target.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does not take what is compressed", impossible);
        }
        buffer = sink.room(0);
    }
}
