package io.brokkr.spi.storage;

import io.brokkr.protocol.Stability;
import io.brokkr.protocol.record.RecordBatch;
import java.util.concurrent.CompletionStage;

/**
 * A log in which finished segments can be replaced by others, atomically: what compaction stands on. An engine's logs implement it, all or none of them; a topic
 * whose engine has no such logs is not compacted.
 *
 * <p>{@link #finishSegment}, {@link #replace} and the methods of a {@link Replacement} may be called at any time, concurrently with everything else that is done to the log; those
 * of one replacement are never called by two threads at once, and the next one not before the stage of the one before is complete.
 */
@Stability(Stability.Level.EVOLVING)
public interface ReplaceableLog extends PartitionLog {

    /**
     * Ends the segment that is being written, whatever its size and age: what was appended before this call is in finished segments when the stage is complete, and an empty one
     * follows them. Does nothing if the last segment is empty already. So a log that nobody appends to can be replaced whole. It is as durable as an append.
     *
     * @return fails with {@link LogFencedException}, or with {@link StorageException}, after which the log takes no more appends
     */
    CompletionStage<Void> finishSegment();

    /**
     * Begins to replace neighbouring segments. Nothing changes for anybody before {@link Replacement#commit}. A log has one replacement at a time, not counting one whose
     * opener was fenced or has closed the log.
     *
     * @param baseOffset where the first segment begins, as {@link #segments} says
     * @param endOffset where the last one ends; it must not be the segment that is being written
     * @return fails with {@link LogFencedException}, or with {@link StorageException} if another replacement is under way or nothing can be written
     * @throws IllegalArgumentException if there are no segments with these bounds, or the last one is being written. The bounds of finished segments stay what they are
     *     until a trim, a truncation or a replacement changes them: who is not alone may meet one that did. The stage may fail with it, too
     */
    CompletionStage<Replacement> replace(long baseOffset, long endOffset);

    /**
     * What shall stand in the place of some segments. Ended by {@link #commit}, even by one that fails, or by {@link #abandon}, and by nothing else but the close of the
     * log by who began it, or the log's end.
     */
    interface Replacement {

        /**
         * Adds a batch behind those that were added before; it is kept byte for byte. Its offsets lie within the bounds of the segments, and leave out what they
         * like. All that is added becomes one segment, so it must not be larger than what it replaces, and the last offset lies at most {@link Integer#MAX_VALUE} behind
         * the base offset of the segments.
         *
         * @param batch the bytes are the engine's until the stage is complete
         * @return fails with {@link StorageException}, also if it becomes more than the engine keeps in one segment; the replacement can only be abandoned then, and the
         *     log is as it was
         * @throws IllegalArgumentException if the offsets do not lie behind those of the batch before, or not within the bounds
         */
        CompletionStage<Void> append(RecordBatch batch);

        /**
         * Puts what was added in the place of the segments, durably and as a whole: after a crash there is either what was, or what replaces it. Who has read
         * before keeps what he has. {@link PartitionLog#startOffset} and {@link PartitionLog#endOffset} stay what they are; a read in what is not there any more
         * goes on at the next batch. If nothing was added, the segment before reaches to the bound, or an empty one remains.
         *
         * @return fails with {@link StorageException} if a trim or a truncation of what is replaced came first, or the log's end, or if the device failed, in which case the
         *     log is either unchanged or unusable for writing; with {@link LogFencedException}
         */
        CompletionStage<Void> commit();

        /** Gives up: the log is as it was. Does nothing after {@link #commit}. */
        CompletionStage<Void> abandon();
    }
}
