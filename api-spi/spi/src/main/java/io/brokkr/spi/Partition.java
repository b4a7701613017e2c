package io.brokkr.spi;

import io.brokkr.protocol.RecordData;
import io.brokkr.spi.storage.LogSegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * An open partition: a log of record batches with offsets, producers and watermarks. Thread-safe, and no method blocks.
 *
 * <pre>
 *   log start offset ≤ last stable offset ≤ high watermark ≤ log end offset
 * </pre>
 */
public interface Partition {

    /** The partition's name. */
    TopicPartition name();

    /** The id of its topic. */
    UUID topicId();

    /** The topic's settings in force now. */
    Configuration configuration();

    /** The epoch of the leadership. */
    int leaderEpoch();

    /** The first offset that can be read. */
    long logStartOffset();

    /** The offset behind the last record that is committed: what consumers may see ends here. */
    long highWatermark();

    /** The offset behind the last record that no open transaction holds back (KIP-98). */
    long lastStableOffset();

    /** The offset that the next record gets. */
    long logEndOffset();

    /** What the log takes, in bytes. */
    long sizeInBytes();

    /** The parts of the log that can be forgotten one by one from the front, in ascending order; the last one is being written. Never empty. */
    List<LogSegment> segments();

    /**
     * Appends the record batches of a client or a coordinator. Batches of several calls made by one thread are appended in the order of
     * the calls, though their stages may complete in another order.
     *
     * <p>The bytes are checked (size, magic, CRC, sequence), the offsets and the leader epoch are patched into them in place, and then they
     * go to the storage engine as they are. Three things are not stored as they are, and are worked on by another thread first: a message set of magic 0 or 1, a batch
     * whose compression is not the one that the topic's {@code compression.type} asks for, and whatever the topic's {@link io.brokkr.spi.record record interceptors} have to see. Fails with an {@link ApiException}: {@code CORRUPT_MESSAGE}, {@code INVALID_RECORD},
     * {@code MESSAGE_TOO_LARGE}, {@code RECORD_LIST_TOO_LARGE}, {@code UNSUPPORTED_FOR_MESSAGE_FORMAT}, {@code INVALID_TIMESTAMP},
     * {@code UNSUPPORTED_COMPRESSION_TYPE}, {@code INVALID_CONFIG}, {@code OUT_OF_ORDER_SEQUENCE_NUMBER}, {@code INVALID_PRODUCER_EPOCH}, {@code UNKNOWN_PRODUCER_ID}, {@code KAFKA_STORAGE_ERROR}, and then
     * nothing of this call was appended; records that an interceptor refused are told by a {@link io.brokkr.spi.record.RefusedRecordsException}.
     *
     * @param batches one or more whole batches, or one message set; the caller leaves the memory alone until the stage is complete
     * @param durability when the stage completes
     */
    CompletionStage<Appended> append(ByteBuffer batches, Durability durability);

    /**
     * Reads whole record batches, from the one that holds the offset on. The last one may be cut off, as Kafka's consumers expect it.
     *
     * <p>What a consumer sees, which is all but {@link Isolation#LOG_END}, is what the topic's {@link io.brokkr.spi.record record interceptors} for fetching make of it; it may be less than there is
     * room for, and without {@code atLeastOneBatch} nothing, when much memory is taken for such reads.
     *
     * <p>Fails with an {@link ApiException}: {@code OFFSET_OUT_OF_RANGE}, {@code CORRUPT_MESSAGE}, {@code KAFKA_STORAGE_ERROR}, {@code UNKNOWN_SERVER_ERROR} and {@code UNSUPPORTED_COMPRESSION_TYPE} by
     * interceptors.
     *
     * @param offset from the log start offset to the log end offset; at the end of what the isolation shows and behind it, the result is empty
     * @param maxBytes the most bytes to return
     * @param atLeastOneBatch whether the first batch is returned whole even if it is larger (KIP-74)
     */
    CompletionStage<Read> read(long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation);

    /**
     * Calls once, when there may be more to read than up to an offset: when the end of what the isolation shows passes it, or the partition is gone. At once,
     * on the calling thread, if that is so already.
     *
     * @param listener must not block; called on whatever thread moves the watermark
     */
    Wait await(long offset, Isolation isolation, Runnable listener);

    /** The first record whose timestamp is the given one or later, among those that the isolation shows. */
    CompletionStage<Optional<RecordPosition>> findTimestamp(long timestamp, Isolation isolation);

    /** The record with the largest timestamp (KIP-734); empty of an empty partition. */
    CompletionStage<Optional<RecordPosition>> findMaxTimestamp(Isolation isolation);

    /**
     * Where an epoch ended (KIP-101, KIP-320).
     *
     * @return the largest epoch that is not above the given one, with the offset at which the next epoch began, or the log end offset for the current
     *     one; {@link EpochEnd#UNDEFINED} where the epoch is not known
     */
    EpochEnd endOfEpoch(int leaderEpoch);

    /** The epoch under which the record at an offset was written; the current one at the log end offset, -1 if it is not known. */
    int epochOf(long offset);

    /**
     * Deletes the records before an offset (KIP-107).
     *
     * @param offset at most the high watermark, or -1 for the high watermark itself; else fails with {@code OFFSET_OUT_OF_RANGE}
     * @return the log start offset afterwards
     */
    CompletionStage<Long> deleteRecordsBefore(long offset);

    /** When an append counts as done. */
    enum Durability {
        /** The engine has the batch, and a crash of the machine may still lose it (acks=0). */
        WRITTEN,
        /** The high watermark has passed the batch: it is as safe as the topic's settings ask, and consumers see it (acks=1 and acks=all). */
        COMMITTED
    }

    /** How far a reader sees. */
    enum Isolation {
        /** To the log end offset, and as it is stored: for those who write the partition themselves. */
        LOG_END,
        /** To the high watermark. */
        READ_UNCOMMITTED,
        /** To the last stable offset. */
        READ_COMMITTED
    }

    /**
     * The outcome of an append.
     *
     * @param baseOffset the offset of the first record; of a batch that was there already, its first offset then
     * @param lastOffset the offset of the last record
     * @param logAppendTime the broker's timestamp in the records, -1 where the producer's own were kept
     * @param logStartOffset the partition's, after the append
     */
    record Appended(long baseOffset, long lastOffset, long logAppendTime, long logStartOffset) {}

    /**
     * What was read. The records are the receiver's to close.
     *
     * @param highWatermark the partition's at the time
     * @param lastStableOffset the partition's at the time
     * @param logStartOffset the partition's at the time
     * @param abortedTransactions those that touch what was read, for {@link Isolation#READ_COMMITTED}
     */
    record Read(
            RecordData records,
            long highWatermark,
            long lastStableOffset,
            long logStartOffset,
            List<AbortedTransaction> abortedTransactions) {}

    /**
     * A transaction whose records a reader must skip.
     *
     * @param producerId who wrote it
     * @param firstOffset its first record in this partition
     */
    record AbortedTransaction(long producerId, long firstOffset) {}

    /**
     * Where a record is.
     *
     * @param leaderEpoch under which it was written, -1 if it is not known
     */
    record RecordPosition(long offset, long timestamp, int leaderEpoch) {}

    /**
     * Where an epoch ended.
     *
     * @param leaderEpoch -1 if it is not known
     * @param endOffset -1 if it is not known
     */
    record EpochEnd(int leaderEpoch, long endOffset) {
        /** Nothing is known of the epoch. */
        public static final EpochEnd UNDEFINED = new EpochEnd(-1, -1);
    }

    /** A listener that waits. */
    interface Wait {
        /** Forgets the listener, in constant time; it may still be called if that has begun. A second call does nothing. */
        void cancel();
    }
}
