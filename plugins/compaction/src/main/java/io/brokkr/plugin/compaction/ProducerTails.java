package io.brokkr.plugin.compaction;

import io.brokkr.protocol.record.RecordBatch;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last batches of the idempotent producers in a part of a log. They stay, without records if need be, so that the broker can tell a repeated batch from a new one after
 * it has read the log anew. Producers that are silent for so long that the broker forgets them are left out. Used by one thread at a time.
 *
 * <p>Of those for which there is no room every batch counts as the last one: it stays until the broker has forgotten its producer, at the cost of an empty batch.
 */
final class ProducerTails {

    private final long oldestTimestamp;
    private final int most;
    private final Map<Long, Tail> tails = new HashMap<>();
    private boolean full;

    private static final class Tail {
        private long lastData = -1;
        private long lastMarker = -1;
    }

    /** The tails of those who wrote since a time, in epoch milliseconds, with room for so many. */
    ProducerTails(long oldestTimestamp, int most) {
        this.oldestTimestamp = oldestTimestamp;
        this.most = most;
    }

    /** Whether anybody who counts may have written a batch of this timestamp. */
    boolean isRecent(long maxTimestamp) {
        return maxTimestamp >= oldestTimestamp;
    }

    /** Takes note of a batch; they come in the order of their offsets. */
    void add(RecordBatch batch) {
        Tail tail = counts(batch) ? tailOf(batch.producerId()) : null;
        if (tail != null && batch.isControl()) {
            tail.lastMarker = batch.lastOffset();
        } else if (tail != null) {
            tail.lastData = batch.lastOffset();
        }
    }

    /** Null if there is no room. */
    private @Nullable Tail tailOf(long producerId) {
        Tail tail = tails.get(producerId);
        if (tail == null && tails.size() < most) {
            tail = new Tail();
            tails.put(producerId, tail);
        }
        full |= tail == null;
        return tail;
    }

    private boolean counts(RecordBatch batch) {
        return batch.hasProducerId() && isRecent(batch.maxTimestamp());
    }

    /** Whether a batch is, or may be, the last one of its producer, among those with records or among the markers of transactions. */
    boolean isLast(RecordBatch batch) {
        Tail tail = tails.get(batch.producerId());
        if (tail == null) {
            return full && counts(batch);
        }
        return (batch.isControl() ? tail.lastMarker : tail.lastData) == batch.lastOffset();
    }
}
