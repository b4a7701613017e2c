package io.brokkr.plugin.compaction;

import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordStream;
import io.brokkr.spi.storage.PartitionLog;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads what was not compacted yet, and notes the newest offset of each key. It ends where the map of keys is full, or where a transaction begins that is not
 * at its end or for which there is no room.
 *
 * <p>Whether the records of a transaction count is said behind them: at the first one the rest is read ahead for the markers alone.
 */
final class DirtyScan {

    private final PartitionLog log;
    private final Workshop workshop;
    private final KeyOffsets keys;
    private final ProducerTails producers;
    private final long startOffset;
    private long endOffset;
    private Transactions transactions = Transactions.NONE;

    DirtyScan(
            PartitionLog log,
            Workshop workshop,
            KeyOffsets keys,
            ProducerTails producers,
            long startOffset,
            long endOffset) {
        this.log = log;
        this.workshop = workshop;
        this.keys = keys;
        this.producers = producers;
        this.startOffset = startOffset;
        this.endOffset = endOffset;
    }

    CompletionStage<Void> run() {
        return BatchWalk.run(log, startOffset, endOffset, workshop.pace(), workshop.blocking(), this::visit);
    }

    /** The offset of the first record that was not looked at. */
    long endOffset() {
        return endOffset;
    }

    /** The transactions that are met up to there. */
    Transactions transactions() {
        return transactions;
    }

    private CompletionStage<Boolean> visit(RecordBatch batch) {
        if (batch.isTransactional() && !batch.isControl() && transactions == Transactions.NONE) {
            return readAhead(batch.baseOffset()).thenApply(done -> index(batch));
        }
        return CompletableFuture.completedStage(index(batch));
    }

    private CompletionStage<Void> readAhead(long firstOffset) {
        Transactions ahead = new Transactions(workshop.mostProducers());
        return BatchWalk.run(
                        log,
                        firstOffset,
                        endOffset,
                        workshop.pace(),
                        workshop.blocking(),
                        batch -> ahead.add(batch) ? Loop.GO_ON : Loop.END)
                .thenRun(() -> {
                    transactions = ahead;
                    endOffset = ahead.knownUpTo(endOffset);
                });
    }

    /** Whether to go on. */
    private boolean index(RecordBatch batch) {
        if (batch.baseOffset() >= endOffset) {
            return false;
        }
        producers.add(batch);
        if (batch.isControl() || transactions.isAborted(batch)) {
            return true;
        }
        try (RecordStream records = RecordStream.open(batch, workshop.codecs())) {
            while (records.hasNext()) {
                Record record = records.next();
                ByteBuffer key = record.key();
                if (key != null && record.offset() >= startOffset && !keys.put(key, record.offset())) {
                    endOffset = record.offset();
                    return false;
                }
            }
        }
        return true;
    }
}
