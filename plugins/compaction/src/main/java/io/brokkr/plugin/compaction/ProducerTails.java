package io.brokkr.plugin.compaction;

import io.brokkr.protocol.record.RecordBatch;
import java.util.HashMap;
import java.util.Map;

/**
 * The last batches of the idempotent producers in a part of a log. They stay, without records if need be, so that the broker can tell a repeated batch from a new one after
 * it has read the log anew. Producers that are silent for so long that the broker forgets them are left out. Used by one thread at a time.
 */
final class ProducerTails {

    private final long oldestTimestamp;
    private final Map<Long, Tail> tails = new HashMap<>();

    private static final class Tail {
        private long lastData = -1;
        private long lastMarker = -1;
    }

    /** The tails of those who wrote since a time, in epoch milliseconds. */
    ProducerTails(long oldestTimestamp) {
        this.oldestTimestamp = oldestTimestamp;
    }

    /** Whether anybody who counts may have written a batch of this timestamp. */
    boolean isRecent(long maxTimestamp) {
        return maxTimestamp >= oldestTimestamp;
    }

    /** Takes note of a batch; they come in the order of their offsets. */
    void add(RecordBatch batch) {
        if (batch.hasProducerId() && isRecent(batch.maxTimestamp())) {
            Tail tail = tails.computeIfAbsent(batch.producerId(), absent -> new Tail());
            if (batch.isControl()) {
                tail.lastMarker = batch.lastOffset();
            } else {
                tail.lastData = batch.lastOffset();
            }
        }
    }

    /** Whether a batch is the last one of its producer, among those with records or among the markers of transactions. */
    boolean isLast(RecordBatch batch) {
        Tail tail = tails.get(batch.producerId());
        return tail != null && (batch.isControl() ? tail.lastMarker : tail.lastData) == batch.lastOffset();
    }
}
