package io.brokkr.plugin.groups;

import io.brokkr.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Where a shard keeps its events: one partition of {@code __consumer_offsets}, of which it is the only writer. */
interface OffsetsLog {

    /** The most that a batch may take, its header included. */
    int maxBatchSizeInBytes();

    /**
     * Reads all batches, from the first one on.
     *
     * @param reader called for one batch after the other, on threads that may be blocked
     * @return completes after the last batch
     */
    CompletionStage<?> replay(Consumer<RecordBatch> reader);

    /**
     * Appends a batch. Called again only when the stage is complete.
     *
     * @return completes when the batch is safe; fails if it is not in the log, or may not be
     */
    CompletionStage<?> append(ByteBuffer batch);
}
