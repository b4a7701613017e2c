package io.brokkr.plugin.compaction;

import io.brokkr.protocol.record.RecordBatch;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The transactions in a part of a log: which were aborted, and which are not at their end. Used by one thread at a time.
 *
 * <p>What was committed is forgotten at its end. A transaction for which there is no room ends the part before it, and is left to a later run: the first one always has room,
 * so that every run comes further than the one before.
 */
final class Transactions {

    static final Transactions NONE = new Transactions(0);

    private final int most;
    /** The first offsets of transactions that are open, by producer. */
    private final Map<Long, Long> open = new HashMap<>();
    /** The offsets of abort markers by the first offset of the transaction, by producer. */
    private final Map<Long, NavigableMap<Long, Long>> aborted = new HashMap<>();

    private int abortedCount;
    /** Where the first transaction begins for which there is no room. */
    private long knownUpTo = Long.MAX_VALUE;

    /** With room for so many that are open or were aborted. */
    Transactions(int most) {
        this.most = most;
    }

    /**
     * Takes note of a batch; they come in the order of their offsets.
     *
     * @return whether a later one may tell more
     */
    boolean add(RecordBatch batch) {
        if (batch.isControl()) {
            end(batch);
        } else if (batch.isTransactional() && knownUpTo == Long.MAX_VALUE) {
            begin(batch);
        }
        return knownUpTo == Long.MAX_VALUE || !open.isEmpty();
    }

    private void begin(RecordBatch batch) {
        if (open.containsKey(batch.producerId())) {
            return;
        }
        if (open.size() + abortedCount < most) {
            open.put(batch.producerId(), batch.baseOffset());
        } else {
            knownUpTo = batch.baseOffset();
        }
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

    /** Up to where it is known of every transaction whether it counts, the given offset at most. */
    long knownUpTo(long endOffset) {
        long known = Math.min(knownUpTo, endOffset);
        return open.values().stream().mapToLong(Long::longValue).reduce(known, Math::min);
    }

    /** Whether the records of a batch belong to a transaction that was aborted. */
    boolean isAborted(RecordBatch batch) {
        NavigableMap<Long, Long> ofProducer = batch.isTransactional() ? aborted.get(batch.producerId()) : null;
        Map.Entry<Long, Long> last = ofProducer == null ? null : ofProducer.floorEntry(batch.baseOffset());
        return last != null && batch.baseOffset() < last.getValue();
    }
}
