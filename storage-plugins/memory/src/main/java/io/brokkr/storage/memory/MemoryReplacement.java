package io.brokkr.storage.memory;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.ReplaceableLog;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Batches that wait to take the place of some segments. Nobody but who began it knows of them before the commit. */
final class MemoryReplacement implements ReplaceableLog.Replacement {

    private final OpenMemoryLog opener;
    private final long baseOffset;
    private final long endOffset;
    private final NavigableMap<Long, RecordBatch> batches = new TreeMap<>();
    private long nextOffset;

    MemoryReplacement(OpenMemoryLog opener, long baseOffset, long endOffset) {
        this.opener = opener;
        this.baseOffset = baseOffset;
        this.endOffset = endOffset;
        this.nextOffset = baseOffset;
    }

    OpenMemoryLog opener() {
        return opener;
    }

    int leaderEpoch() {
        return opener.leaderEpoch();
    }

    long baseOffset() {
        return baseOffset;
    }

    long endOffset() {
        return endOffset;
    }

    NavigableMap<Long, RecordBatch> batches() {
        return batches;
    }

    @Override
    public CompletionStage<Void> append(RecordBatch batch) {
        return opener.run(() -> {
            if (batch.baseOffset() < nextOffset || batch.nextOffset() > endOffset) {
                throw new IllegalArgumentException("a batch with the offsets " + batch.baseOffset() + " to "
                        + batch.lastOffset() + " where " + nextOffset + " to " + (endOffset - 1) + " are left");
            }
            batches.put(batch.baseOffset(), MemoryLog.copy(batch));
            nextOffset = batch.nextOffset();
        });
    }

    @Override
    public CompletionStage<Void> commit() {
        return opener.commit(this);
    }

    @Override
    public CompletionStage<Void> abandon() {
        return opener.abandon(this);
    }
}
