package io.brokkr.storage.memory;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A log as one opener sees it: all work is done on the calling thread, since memory does not make anyone wait. */
final class OpenMemoryLog implements ReplaceableLog {

    private final MemoryLog log;
    private final int leaderEpoch;
    private volatile boolean closed;

    OpenMemoryLog(MemoryLog log, int leaderEpoch) {
        this.log = log;
        this.leaderEpoch = leaderEpoch;
    }

    /** Storage exceptions fail the stage; a caller's mistake is thrown. */
    private <T> CompletionStage<T> answer(Supplier<T> work) {
        try {
            if (closed) {
                throw new StorageException("the log " + log.id() + " was closed");
            }
            log.requireUsable();
            return CompletableFuture.completedStage(work.get());
        } catch (StorageException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    CompletionStage<Void> run(Runnable work) {
        return answer(() -> {
            work.run();
            return null;
        });
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    @Override
    public LogId id() {
        return log.id();
    }

    @Override
    public long startOffset() {
        return log.startOffset();
    }

    @Override
    public long endOffset() {
        return log.endOffset();
    }

    @Override
    public long sizeInBytes() {
        return log.sizeInBytes();
    }

    @Override
    public CompletionStage<Void> append(RecordBatch batch) {
        return run(() -> log.append(leaderEpoch, batch));
    }

    /** There is nothing more durable than memory here. */
    @Override
    public CompletionStage<Void> sync() {
        return run(() -> {});
    }

    @Override
    public CompletionStage<RecordData> read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        return answer(() -> log.read(offset, maxBytes, atLeastOneBatch, endOffset));
    }

    @Override
    public CompletionStage<Optional<Long>> findTimestamp(long timestamp) {
        return answer(() -> log.findTimestamp(timestamp));
    }

    @Override
    public List<LogSegment> segments() {
        return log.segments();
    }

    @Override
    public CompletionStage<Void> trim(long startOffset) {
        return run(() -> log.trim(leaderEpoch, startOffset));
    }

    @Override
    public CompletionStage<Void> truncate(long endOffset) {
        return run(() -> log.truncate(leaderEpoch, endOffset));
    }

    @Override
    public CompletionStage<Void> finishSegment() {
        return run(() -> log.finishSegment(leaderEpoch));
    }

    @Override
    public CompletionStage<Replacement> replace(long baseOffset, long endOffset) {
        return answer(() -> {
            MemoryReplacement begun = new MemoryReplacement(this, baseOffset, endOffset);
            log.begin(leaderEpoch, begun);
            return begun;
        });
    }

    CompletionStage<Void> commit(MemoryReplacement complete) {
        return run(() -> log.commit(leaderEpoch, complete));
    }

    CompletionStage<Void> abandon(MemoryReplacement given) {
        log.abandon(given);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> writeCheckpoint(String name, Bytes content) {
        return run(() -> log.writeCheckpoint(name, content));
    }

    @Override
    public CompletionStage<Optional<Bytes>> readCheckpoint(String name) {
        return answer(() -> log.readCheckpoint(name));
    }

    /** No setting of topics concerns this engine. */
    @Override
    public void reconfigure(Configuration configuration) {}

    @Override
    public CompletionStage<Void> close() {
        closed = true;
        log.abandonThatOf(this);
        return CompletableFuture.completedStage(null);
    }
}
