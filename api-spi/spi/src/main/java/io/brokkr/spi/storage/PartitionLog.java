package io.brokkr.spi.storage;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Configuration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The log of one partition: record batches in ascending order of offset. See the package page for threads, memory and failure.
 *
 * <pre>
 *   startOffset ≤ offset of any record &lt; endOffset
 * </pre>
 *
 * <p>Offsets may have gaps between batches and inside of them.
 */
public interface PartitionLog {

    /** Which log this is. */
    LogId id();

    /** The first offset that may be read. */
    long startOffset();

    /** The offset behind the last batch whose append is complete. */
    long endOffset();

    /** What the log takes, in bytes. */
    long sizeInBytes();

    /**
     * Appends a batch whose offsets, epoch and CRC are right already; it is kept byte for byte.
     *
     * @param batch its base offset must not lie before the end of the log; it may lie behind it
     * @return complete when the batch can be read; it is then as durable as an unsynced write, see {@link #sync}. Fails with {@link LogFencedException}, or with {@link
     *     StorageException} after which the log takes no more appends
     * @throws IllegalArgumentException if the base offset lies before the end of what was appended; the stage may fail with it, too, and the log is as it was
     */
    CompletionStage<Void> append(RecordBatch batch);

    /**
     * Makes durable what was appended before this call: it survives the loss of power. Many calls may share one access to the
     * device, also those of different logs.
     *
     * @return fails with {@link StorageException} if the device failed: then nobody knows what it kept, and the log takes no more appends
     */
    CompletionStage<Void> sync();

    /**
     * Reads batches, from the one that holds an offset on, or, if that lies in a gap, from the next one.
     *
     * @param offset from {@link #startOffset} on; at or behind the end the result is empty
     * @param maxBytes the most bytes to return, 0 or more; the last batch may be cut off there
     * @param atLeastOneBatch whether the first batch is returned whole even if it is larger
     * @param endOffset batches whose base offset is this or higher are not returned
     * @return fails with {@link OffsetOutOfRangeException} before {@link #startOffset}, with {@link CorruptLogException} if what is stored is no batch; a read from a later
     *     offset gives what is sound behind that as far as the engine can find it
     */
    CompletionStage<RecordData> read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset);

    /**
     * The offset of a batch from which on a search for a timestamp must look: no batch before it has a {@link RecordBatch#maxTimestamp} at or
     * above the given one.
     *
     * @return the base offset of the first batch whose maximum timestamp is the given one or above, or any batch before that; empty if there is no
     *     such batch
     */
    CompletionStage<Optional<Long>> findTimestamp(long timestamp);

    /** Parts that can be forgotten one by one from the front, in ascending order; the last one is being written. Never empty. */
    List<LogSegment> segments();

    /**
     * Forgets what lies before an offset, for ever: {@link #startOffset} is the given one afterwards, durably, and memory of older data is
     * given back as far as the engine's layout allows.
     *
     * @param startOffset at most the end of the log; one before the present start does nothing
     * @return complete when the new start is durable. Fails with {@link LogFencedException}, or with {@link StorageException}
     * @throws IllegalArgumentException if the log ends before that offset; the stage may fail with it, too, and the log is as it was
     */
    CompletionStage<Void> trim(long startOffset);

    /**
     * Cuts off the tail: batches that hold the offset or lie behind it are gone afterwards, and the log ends at the given offset.
     *
     * @param endOffset at least the start of the log; one at or behind the present end does nothing
     * @return complete when the new end is durable. Fails with {@link LogFencedException}, or with {@link StorageException}
     * @throws IllegalArgumentException if the log starts behind that offset; the stage may fail with it, too, and the log is as it was
     */
    CompletionStage<Void> truncate(long endOffset);

    /**
     * Keeps a small note beside the log, durably and as a whole: after a crash there is the old one or the new one.
     *
     * @param name letters, digits, dots and dashes
     */
    CompletionStage<Void> writeCheckpoint(String name, Bytes content);

    /** The note of a name; empty where there is none. */
    CompletionStage<Optional<Bytes>> readCheckpoint(String name);

    /** Takes note of changed settings of the topic. */
    void reconfigure(Configuration configuration);

    /** Closes the log after making durable what was appended. All calls afterwards fail with {@link StorageException}. */
    CompletionStage<Void> close();
}
