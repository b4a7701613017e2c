package io.brokkr.plugin.compaction;

import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordStream;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what stays of each batch, as Apache Kafka's log cleaner does (KIP-58, KIP-98, KIP-534):
 *
 * <ul>
 *   <li>Of each key the last record stays. Records without a key go.
 *   <li>A deletion, which is a record without a value, gets a delete horizon when it is first compacted, and goes in the first run after that time.
 *   <li>The records of aborted transactions go. The marker of a transaction gets a delete horizon when no batch of the transaction is left, and goes after it.
 *   <li>The last batch of each producer stays, without records if need be.
 * </ul>
 *
 * <p>Batches come in the order of their offsets, from the start of the log. Used by one thread at a time.
 */
final class BatchCleaner {

    private final KeyOffsets keys;
    private final Transactions transactions;
    private final ProducerTails producers;
    private final CompressionCodecs codecs;
    private final long endOffset;
    private final long now;
    private final long newHorizon;
    /** The producers of transactions of which a batch was met and no marker. */
    private final Set<Long> open = new HashSet<>();

    private long latestHorizon = Long.MIN_VALUE;
    private long removedRecords;

    /**
     * For one run.
     *
     * @param scan what is known of the part up to its end; nothing behind that is touched
     * @param now epoch milliseconds
     */
    BatchCleaner(
            KeyOffsets keys,
            DirtyScan scan,
            ProducerTails producers,
            CompressionCodecs codecs,
            CompactionRule rule,
            long now) {
        this.keys = keys;
        this.transactions = scan.transactions();
        this.producers = producers;
        this.codecs = codecs;
        this.endOffset = scan.endOffset();
        this.now = now;
        this.newHorizon = rule.deleteHorizon(now);
    }

    /** The number of records that were left out. */
    long removedRecords() {
        return removedRecords;
    }

    /** When all that waits for its delete horizon may go, {@link Progress#NEVER} if nothing does. */
    long latestHorizon() {
        return latestHorizon == Long.MIN_VALUE ? Progress.NEVER : latestHorizon;
    }

    /** What stays of a batch: the batch itself, another one in its place, or null for nothing. */
    @Nullable
    RecordBatch clean(RecordBatch batch) {
        if (batch.baseOffset() >= endOffset) {
            return batch;
        }
        if (batch.isControl()) {
            return cleanMarker(batch);
        }
        if (batch.isTransactional()) {
            open.add(batch.producerId());
        }
        return transactions.isAborted(batch) ? withoutRecords(batch) : cleanRecords(batch);
    }

    private @Nullable RecordBatch cleanMarker(RecordBatch batch) {
        if (TransactionMarker.of(batch) == TransactionMarker.NONE || open.remove(batch.producerId())) {
            return batch;
        }
        if (!batch.hasDeleteHorizon()) {
            latestHorizon = Math.max(latestHorizon, newHorizon);
            return batch.retaining(marker -> true, OptionalLong.of(newHorizon), codecs);
        }
        if (isDue(batch)) {
            return producers.isLast(batch) ? batch : withoutRecords(batch);
        }
        latestHorizon = Math.max(latestHorizon, batch.baseTimestamp());
        return batch;
    }

    private boolean isDue(RecordBatch batch) {
        return batch.hasDeleteHorizon() && batch.baseTimestamp() <= now;
    }

    private @Nullable RecordBatch cleanRecords(RecordBatch batch) {
        BitSet kept = new BitSet();
        boolean due = isDue(batch);
        boolean deletions = false;
        try (RecordStream records = RecordStream.open(batch, codecs)) {
            for (int i = 0; records.hasNext(); i++) {
                Record record = records.next();
                if (record.offset() >= endOffset || (isNewest(record) && (record.hasValue() || !due))) {
                    kept.set(i);
                    deletions |= !record.hasValue();
                }
            }
        }
        if (kept.isEmpty()) {
            return withoutRecords(batch);
        }
        // The records behind the end were not compacted yet.
        boolean getsHorizon = deletions && !batch.hasDeleteHorizon() && batch.lastOffset() < endOffset;
        if (deletions && (getsHorizon || batch.hasDeleteHorizon())) {
            latestHorizon = Math.max(latestHorizon, getsHorizon ? newHorizon : batch.baseTimestamp());
        }
        removedRecords += batch.recordCount() - kept.cardinality();
        return kept.cardinality() == batch.recordCount() && !getsHorizon
                ? batch
                : retaining(batch, kept, getsHorizon ? OptionalLong.of(newHorizon) : OptionalLong.empty());
    }

    private RecordBatch retaining(RecordBatch batch, BitSet kept, OptionalLong horizon) {
        int[] next = {0};
        return batch.retaining(record -> kept.get(next[0]++), horizon, codecs);
    }

    private boolean isNewest(Record record) {
        ByteBuffer key = record.key();
        return key != null && keys.latest(key) <= record.offset();
    }

    private @Nullable RecordBatch withoutRecords(RecordBatch batch) {
        removedRecords += batch.recordCount();
        if (!producers.isLast(batch)) {
            return null;
        }
        return batch.recordCount() == 0 ? batch : batch.retaining(record -> false, OptionalLong.empty(), codecs);
    }
}
