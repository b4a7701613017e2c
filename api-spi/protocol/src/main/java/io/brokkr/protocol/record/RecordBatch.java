package io.brokkr.protocol.record;

import io.brokkr.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A record batch of magic 2, seen through its header; the records stay undecoded until somebody asks for them.
 *
 * <pre>
 *   at  size  field                  covered by the checksum
 *    0     8  baseOffset             no    the broker's, 0 from a producer
 *    8     4  batchLength            no    bytes that follow this field
 *   12     4  partitionLeaderEpoch   no    the broker's
 *   16     1  magic                  no    2
 *   17     4  crc                    no    CRC-32C from the attributes to the end
 *   21     2  attributes             yes   bits 0-2 compression, 3 timestamp type, 4 transactional,
 *                                          5 control, 6 base timestamp is a delete horizon
 *   23     4  lastOffsetDelta        yes
 *   27     8  baseTimestamp          yes   epoch milliseconds
 *   35     8  maxTimestamp           yes   epoch milliseconds
 *   43     8  producerId             yes   -1: not idempotent
 *   51     2  producerEpoch          yes
 *   53     4  baseSequence           yes
 *   57     4  recordCount            yes
 *   61        records                yes   compressed as a whole, or not
 * </pre>
 *
 * <p>All numbers are big-endian. Source: "Message Format" in the documentation of Apache Kafka, KIP-98, and KIP-534 for bit 6.
 *
 * <p>What may be patched in place without touching the checksum, and hence without touching what the producer vouched for, is
 * {@linkplain #setBaseOffset the base offset} and {@linkplain #setPartitionLeaderEpoch the leader epoch}.
 */
public final class RecordBatch {

    /** The size of the header in bytes, which is the smallest size of a batch. */
    public static final int HEADER_SIZE = 61;

    /** The version of the format. */
    public static final byte MAGIC = 2;

    /** The timestamp of a record that has none. */
    public static final long NO_TIMESTAMP = -1;

    /** The producer id in a batch whose producer is not idempotent. */
    public static final long NO_PRODUCER_ID = -1;

    /** The producer epoch in such a batch. */
    public static final short NO_PRODUCER_EPOCH = -1;

    /** The base sequence in such a batch. */
    public static final int NO_SEQUENCE = -1;

    /** The leader epoch in a batch that no leader has appended yet. */
    public static final int NO_PARTITION_LEADER_EPOCH = -1;

    /** Where the magic stands, from the start of the batch: in the same place in all message formats. */
    public static final int MAGIC_POSITION = 16;

    /** Where the length is, which counts what follows it; the same in all message formats. */
    public static final int LENGTH_POSITION = 8;

    static final int BASE_OFFSET_POSITION = 0;
    static final int PARTITION_LEADER_EPOCH_POSITION = 12;
    static final int CRC_POSITION = 17;
    static final int ATTRIBUTES_POSITION = 21;
    static final int LAST_OFFSET_DELTA_POSITION = 23;
    static final int BASE_TIMESTAMP_POSITION = 27;
    static final int MAX_TIMESTAMP_POSITION = 35;
    static final int PRODUCER_ID_POSITION = 43;
    static final int PRODUCER_EPOCH_POSITION = 51;
    static final int BASE_SEQUENCE_POSITION = 53;
    static final int RECORD_COUNT_POSITION = 57;

    static final int COMPRESSION_MASK = 0x07;
    static final int LOG_APPEND_TIME_FLAG = 0x08;
    static final int TRANSACTIONAL_FLAG = 0x10;
    static final int CONTROL_FLAG = 0x20;
    static final int DELETE_HORIZON_FLAG = 0x40;

    private final ByteBuffer region;
    private final int start;
    private final int sizeInBytes;

    /** A batch within a big-endian region that others may share; its framing was checked. */
    RecordBatch(ByteBuffer region, int start, int sizeInBytes) {
        this.region = region;
        this.start = start;
        this.sizeInBytes = sizeInBytes;
    }

    /**
     * The batch that fills a buffer's remaining bytes.
     *
     * @throws InvalidRecordBatchException if they are not one whole batch of magic 2, going by length and magic alone
     */
    public static RecordBatch of(ByteBuffer buffer) {
        return RecordBatches.only(buffer.slice());
    }

    /** A view of the whole batch, position 0 to limit {@link #sizeInBytes}; writable if the memory is. */
    public ByteBuffer buffer() {
        return region.slice(start, sizeInBytes);
    }

    /** The size of the whole batch, with the 12 bytes up to and including its length field. */
    public int sizeInBytes() {
        return sizeInBytes;
    }

    /** The offset of the first record, also where compaction has taken that record out. */
    public long baseOffset() {
        return region.getLong(start + BASE_OFFSET_POSITION);
    }

    /** What to add to the base offset to get the last one; stays as it was when compaction takes records out. */
    public int lastOffsetDelta() {
        return region.getInt(start + LAST_OFFSET_DELTA_POSITION);
    }

    /** The offset of the last record. */
    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    /** The base offset of the batch that follows. */
    public long nextOffset() {
        return lastOffset() + 1;
    }

    /** The epoch of the leader that appended the batch, or {@link #NO_PARTITION_LEADER_EPOCH}. */
    public int partitionLeaderEpoch() {
        return region.getInt(start + PARTITION_LEADER_EPOCH_POSITION);
    }

    /** The checksum that the batch carries, 0 to 2^32 - 1. */
    public long crc() {
        return Integer.toUnsignedLong(region.getInt(start + CRC_POSITION));
    }

    private int attributes() {
        return region.getShort(start + ATTRIBUTES_POSITION);
    }

    private boolean has(int flag) {
        return (attributes() & flag) != 0;
    }

    /**
     * How the records are compressed.
     *
     * @throws InvalidRecordBatchException if no such compression type is known
     */
    public Compression compression() {
        return Compression.of(attributes() & COMPRESSION_MASK);
    }

    /** Who gave the records their timestamps. */
    public TimestampType timestampType() {
        return has(LOG_APPEND_TIME_FLAG) ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    /** Whether the records belong to a transaction. */
    public boolean isTransactional() {
        return has(TRANSACTIONAL_FLAG);
    }

    /** Whether the batch holds control records, which consumers skip. */
    public boolean isControl() {
        return has(CONTROL_FLAG);
    }

    /** Whether the base timestamp is the time from which on compaction may take out deletions (KIP-534). */
    public boolean hasDeleteHorizon() {
        return has(DELETE_HORIZON_FLAG);
    }

    /** What the records' timestamps are relative to, epoch milliseconds; {@link #NO_TIMESTAMP} if the first record had none. */
    public long baseTimestamp() {
        return region.getLong(start + BASE_TIMESTAMP_POSITION);
    }

    /**
     * The highest timestamp of the records, epoch milliseconds, as the producer says: some clients leave {@link #NO_TIMESTAMP} here
     * although the records have timestamps.
     */
    public long maxTimestamp() {
        return region.getLong(start + MAX_TIMESTAMP_POSITION);
    }

    /** Whether an idempotent producer wrote the batch. */
    public boolean hasProducerId() {
        return producerId() > NO_PRODUCER_ID;
    }

    /** The producer's id, or {@link #NO_PRODUCER_ID}. */
    public long producerId() {
        return region.getLong(start + PRODUCER_ID_POSITION);
    }

    /** The producer's epoch, or {@link #NO_PRODUCER_EPOCH}. */
    public short producerEpoch() {
        return region.getShort(start + PRODUCER_EPOCH_POSITION);
    }

    /** The sequence number of the first record, or {@link #NO_SEQUENCE}. */
    public int baseSequence() {
        return region.getInt(start + BASE_SEQUENCE_POSITION);
    }

    /** The sequence number of the last record, or {@link #NO_SEQUENCE}; 0 follows {@link Integer#MAX_VALUE}. */
    public int lastSequence() {
        int base = baseSequence();
        return base == NO_SEQUENCE ? NO_SEQUENCE : (base + lastOffsetDelta()) & Integer.MAX_VALUE;
    }

    /** The number of records, as the batch says. */
    public int recordCount() {
        return region.getInt(start + RECORD_COUNT_POSITION);
    }

    /** A view of what follows the header, compressed or not. */
    public ByteBuffer encodedRecords() {
        return region.slice(start + HEADER_SIZE, sizeInBytes - HEADER_SIZE);
    }

    /**
     * The records of a batch that is not compressed. Iterators fail with {@link InvalidRecordBatchException} at the first malformed one.
     *
     * @throws InvalidRecordBatchException if the batch is compressed; see {@link #recordsIn}
     */
    public Iterable<Record> records() {
        if (compression() != Compression.NONE) {
            throw new InvalidRecordBatchException(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "the records have to be decompressed first: " + this);
        }
        return recordsIn(encodedRecords());
    }

    /**
     * The records of this batch in the buffer that its {@linkplain #encodedRecords encoded records} were decompressed to. Iterators fail
     * with {@link InvalidRecordBatchException} at the first malformed one.
     *
     * @param decompressed the records, from position to limit; to stay untouched as long as they are in use
     */
    public Iterable<Record> recordsIn(ByteBuffer decompressed) {
        ByteBuffer data = decompressed.slice();
        return () -> new RecordIterator(this, data);
    }

    /** Whether the checksum is right. */
    public boolean isCrcValid() {
        return crc() == computeCrc();
    }

    /**
     * Makes sure that the batch arrived as it was written.
     *
     * @throws InvalidRecordBatchException if the checksum is wrong
     */
    public void verify() {
        long computed = computeCrc();
        if (crc() != computed) {
            throw new InvalidRecordBatchException(
                    ErrorCode.CORRUPT_MESSAGE,
                    "corrupt record batch: its checksum is " + crc() + " and should be " + computed);
        }
    }

    private long computeCrc() {
        CRC32C crc = new CRC32C();
        crc.update(region.slice(start + ATTRIBUTES_POSITION, sizeInBytes - ATTRIBUTES_POSITION));
        return crc.getValue();
    }

    /**
     * Makes sure that the header is one that a producer may send, by the rules that a Kafka broker has for any batch of a client:
     * base offset 0, as many offsets as records, a sequence if there is a producer id, no control records, create time. Neither the
     * checksum nor the records are looked at.
     *
     * @throws InvalidRecordBatchException if it is not
     */
    public void validateAsProduced() {
        compression();
        int count = recordCount();
        if (baseOffset() != 0) {
            throw invalid("a producer's base offset is 0, not " + baseOffset());
        }
        if (count <= 0) {
            throw invalid("it has " + count + " records");
        }
        if (lastOffsetDelta() != count - 1) {
            throw invalid(count + " records end at offset delta " + lastOffsetDelta());
        }
        if (isControl()) {
            throw invalid("control records are not for clients to write");
        }
        if (hasProducerId() && baseSequence() < 0) {
            throw invalid("an idempotent producer's sequence is " + baseSequence());
        }
        if (timestampType() == TimestampType.LOG_APPEND_TIME) {
            throw new InvalidRecordBatchException(
                    ErrorCode.INVALID_TIMESTAMP, "a producer claims that its timestamps are the broker's");
        }
    }

    private static InvalidRecordBatchException invalid(String reason) {
        return new InvalidRecordBatchException(ErrorCode.INVALID_RECORD, "invalid record batch: " + reason);
    }

    /** Patches the offset of the first record, and with it those of all records; the checksum does not cover it. */
    public void setBaseOffset(long baseOffset) {
        region.putLong(start + BASE_OFFSET_POSITION, baseOffset);
    }

    /** Patches the leader epoch; the checksum does not cover it. */
    public void setPartitionLeaderEpoch(int partitionLeaderEpoch) {
        region.putInt(start + PARTITION_LEADER_EPOCH_POSITION, partitionLeaderEpoch);
    }

    /**
     * Patches timestamp type and maximum timestamp and, where that changed anything, the checksum: to be called on a verified batch,
     * since a batch with a wrong checksum comes out with a right one. With {@link TimestampType#LOG_APPEND_TIME} every record has the
     * maximum timestamp.
     *
     * @param maxTimestamp epoch milliseconds
     */
    public void setMaxTimestamp(TimestampType type, long maxTimestamp) {
        if (timestampType() == type && maxTimestamp() == maxTimestamp) {
            return;
        }
        int others = attributes() & ~LOG_APPEND_TIME_FLAG;
        int flag = type == TimestampType.LOG_APPEND_TIME ? LOG_APPEND_TIME_FLAG : 0;
        region.putShort(start + ATTRIBUTES_POSITION, (short) (others | flag));
        region.putLong(start + MAX_TIMESTAMP_POSITION, maxTimestamp);
        updateCrc();
    }

    /**
     * The same batch with its records in another compression: the header is this one's, but for length, compression and checksum. The records are not looked at.
     *
     * @param maximumSize the most bytes that the result may have
     * @return on the heap, the caller's own
     * @throws InvalidRecordBatchException {@code MESSAGE_TOO_LARGE} if the result would be larger, or the records decompress to more than is good for a broker; {@code
     *     UNSUPPORTED_COMPRESSION_TYPE} if there is no such codec; {@code INVALID_RECORD} if the records are not compressed as the header says
     */
    public RecordBatch recompressed(Compression compression, CompressionCodecs codecs, int maximumSize) {
        return Recompression.of(this, compression, codecs, maximumSize);
    }

    /**
     * The same batch with some of its records, in their own order, with their own offsets, timestamps and bytes, and in the batch's compression. Base and last offset,
     * producer, sequences, leader epoch and flags stay; the maximum timestamp is that of the records. Without any record it is a header alone, not compressed, without a
     * delete horizon, with the maximum timestamp that it had.
     *
     * @param kept is asked for each record, in order; the record is valid during the call
     * @param deleteHorizon the time in epoch milliseconds from which on compaction may take out the deletions in the batch (KIP-534), if it gets one now; a batch that has one
     *     keeps it otherwise. Timestamps are stored relative to it, which takes a few bytes more for each record
     * @return on the heap, the caller's own
     * @throws InvalidRecordBatchException {@code UNSUPPORTED_COMPRESSION_TYPE} if there is no codec; {@code MESSAGE_TOO_LARGE} if the records decompress to more than is good for a
     *     broker; {@code INVALID_RECORD} if they are malformed
     */
    public RecordBatch retaining(Predicate<Record> kept, OptionalLong deleteHorizon, CompressionCodecs codecs) {
        return BatchFiltering.of(this, kept, deleteHorizon, codecs);
    }

    /**
     * The same batch with other values and headers in some of its records. Everything else stays as it is: the number of the records, their keys, offsets and timestamps, the
     * producer, the sequences, the flags, the compression. To be called on a verified batch, since the result has a right checksum.
     *
     * @param editor is asked for each record, in order, and gives what the record is to carry instead, or null if it stays as it is. The record is valid during the call, and
     *     what is given may be made of views of it
     * @param maximumSize the most bytes that the result may have
     * @return this batch if no record changes, else one on the heap, the caller's own
     * @throws InvalidRecordBatchException {@code UNSUPPORTED_COMPRESSION_TYPE} if there is no codec; {@code MESSAGE_TOO_LARGE} if the result would be larger, or the records
     *     decompress to more than is good for a broker; {@code INVALID_RECORD} if they are malformed
     */
    public RecordBatch edited(
            Function<Record, @Nullable RecordContent> editor, CompressionCodecs codecs, int maximumSize) {
        return BatchEditing.of(this, editor, codecs, maximumSize);
    }

    void updateCrc() {
        region.putInt(start + CRC_POSITION, (int) computeCrc());
    }

    @Override
    public String toString() {
        return "RecordBatch[offsets " + baseOffset() + " to " + lastOffset() + ", " + recordCount() + " records, "
                + sizeInBytes + " bytes, attributes 0x" + Integer.toHexString(attributes() & 0xFFFF) + ", producer "
                + producerId() + " epoch " + producerEpoch() + " sequence " + baseSequence() + "]";
    }
}
