package io.brokkr.storage.s3;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A log as one opener sees it: keeps out who is late, and decides which thread waits. */
final class OpenedS3Log implements PartitionLog {

    private static final Pattern CHECKPOINT_NAME = Pattern.compile("[A-Za-z0-9-][A-Za-z0-9.-]*");

    private final S3Log log;
    private final int leaderEpoch;
    private final LogReader reader;
    private final Executor reads;
    private final Function<S3Log, CompletionStage<Void>> closing;
    private volatile boolean closed;

    /**
     * For somebody who has entered the log.
     *
     * @param closing called once, when he leaves
     */
    OpenedS3Log(
            S3Log log,
            int leaderEpoch,
            LogReader reader,
            Executor reads,
            Function<S3Log, CompletionStage<Void>> closing) {
        this.log = log;
        this.leaderEpoch = leaderEpoch;
        this.reader = reader;
        this.reads = reads;
        this.closing = closing;
    }

    private void requireOpen() {
        if (closed) {
            throw new StorageException("the log " + log.id() + " was closed");
        }
        log.requireUsable();
    }

    private <T> CompletionStage<T> use(Supplier<CompletionStage<T>> work) {
        try {
            requireOpen();
            return work.get();
        } catch (StorageException failure) {
            return CompletableFuture.failedStage(failure);
        }
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
    public List<LogSegment> segments() {
        return log.segments();
    }

    /** Into memory, on the calling thread. */
    @Override
    public CompletionStage<Void> append(RecordBatch batch) {
        return use(() -> log.append(leaderEpoch, batch));
    }

    @Override
    public CompletionStage<Void> sync() {
        return use(log::sync);
    }

    /** Answers on the calling thread where the store need not be asked. */
    @Override
    public CompletionStage<RecordData> read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        return use(() -> {
            RecordData known = reader.readWithoutWaiting(offset, maxBytes, atLeastOneBatch, endOffset);
            return known != null
                    ? CompletableFuture.completedFuture(known)
                    : CompletableFuture.supplyAsync(
                            () -> reader.read(offset, maxBytes, atLeastOneBatch, endOffset), reads);
        });
    }

    @Override
    public CompletionStage<Optional<Long>> findTimestamp(long timestamp) {
        return use(() -> CompletableFuture.supplyAsync(() -> reader.findTimestamp(timestamp), reads));
    }

    @Override
    public CompletionStage<Void> trim(long startOffset) {
        return use(() -> log.trim(leaderEpoch, startOffset));
    }

    @Override
    public CompletionStage<Void> truncate(long endOffset) {
        return use(() -> log.truncate(leaderEpoch, endOffset));
    }

    @Override
    public CompletionStage<Void> writeCheckpoint(String name, Bytes content) {
        requireProper(name);
        return use(() -> log.notes().write(name, content));
    }

    @Override
    public CompletionStage<Optional<Bytes>> readCheckpoint(String name) {
        requireProper(name);
        return use(() -> log.notes().read(name));
    }

    private static void requireProper(String name) {
        if (!CHECKPOINT_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a checkpoint cannot have the name «" + name + "»");
        }
    }

    /** No setting of topics concerns this engine. */
    @Override
    public void reconfigure(Configuration configuration) {}

    @Override
    public CompletionStage<Void> close() {
        if (closed) {
            return CompletableFuture.completedStage(null);
        }
        closed = true;
        return closing.apply(log);
    }
}
