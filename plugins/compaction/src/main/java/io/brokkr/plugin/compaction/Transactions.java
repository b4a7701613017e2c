package io.brokkr.plugin.compaction;

import io.brokkr.protocol.record.RecordBatch;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The transactions in a part of a log: which were aborted, and which are not at their end. Used by one thread at a time.
 *
 * <p>Only what was aborted is remembered, which is little. Of more than {@value #MOST_ABORTED} aborted transactions the rest is left to a later run.
 */
final class Transactions {

    static final Transactions NONE = new Transactions();

    private static final int MOST_ABORTED = 100_000;

    /** The first offsets of transactions that are open, by producer. */
    private final Map<Long, Long> open = new HashMap<>();
    /** The offsets of abort markers by the first offset of the transaction, by producer. */
    private final Map<Long, NavigableMap<Long, Long>> aborted = new HashMap<>();

    private int abortedCount;

    /**
     * Takes note of a batch; they come in the order of their offsets.
     *
     * @return whether there is room for more
     */
    boolean add(RecordBatch batch) {
        if (batch.isControl()) {
            end(batch);
        } else if (batch.isTransactional()) {
            open.putIfAbsent(batch.producerId(), batch.baseOffset());
        }
        return abortedCount < MOST_ABORTED || !open.isEmpty();
    }

    private void end(RecordBatch batch) {
        TransactionMarker marker = TransactionMarker.of(batch);
        if (marker == TransactionMarker.NONE) {
            return;
        }
        Long first = open.remove(batch.producerId());
        if (first != null && marker == TransactionMarker.ABORT) {
            aborted.computeIfAbsent(batch.producerId(), absent -> new TreeMap<>())
                    .put(first, batch.baseOffset());
            abortedCount++;
        }
    }

    /** The first offset of those that are not at their end, or the given one if they all are. */
    long firstOpen(long otherwise) {
        return open.values().stream().mapToLong(Long::longValue).min().orElse(otherwise);
    }

    /** Whether the records of a batch belong to a transaction that was aborted. */
    boolean isAborted(RecordBatch batch) {
        NavigableMap<Long, Long> ofProducer = batch.isTransactional() ? aborted.get(batch.producerId()) : null;
        Map.Entry<Long, Long> last = ofProducer == null ? null : ofProducer.floorEntry(batch.baseOffset());
        return last != null && batch.baseOffset() < last.getValue();
    }
}
