package io.brokkr.spi.storage.simple;

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
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A log as one opener sees it: what that may do, in the order of the calls. */
final class OpenLog implements PartitionLog {

    private final SharedLog log;
    private final int leaderEpoch;
    private final StoreWork work;
    private final Consumer<SharedLog> whenLastLeaves;
    private boolean closed;

    /**
     * For somebody who has entered the log.
     *
     * @param whenLastLeaves called in order when nobody has the log open any more
     */
    OpenLog(SharedLog log, int leaderEpoch, StoreWork work, Consumer<SharedLog> whenLastLeaves) {
        this.log = log;
        this.leaderEpoch = leaderEpoch;
        this.work = work;
        this.whenLastLeaves = whenLastLeaves;
    }

    private <T> CompletionStage<T> use(Supplier<T> task) {
        return work.inOrder(() -> {
            if (closed) {
                throw new StorageException("the log " + log.id() + " was closed");
            }
            log.requireUsable();
            return task.get();
        });
    }

    private CompletionStage<Void> run(Runnable task) {
        return use(() -> {
            task.run();
            return null;
        });
    }

    private CompletionStage<Void> write(Runnable task) {
        return run(() -> {
            log.requireWritable(leaderEpoch);
            task.run();
        });
    }

    @Override
    public LogId id() {
        return log.id();
    }

    @Override
    public long startOffset() {
        return log.extent().startOffset();
    }

    @Override
    public long endOffset() {
        return log.extent().endOffset();
    }

    @Override
    public long sizeInBytes() {
        return log.extent().sizeInBytes();
    }

    @Override
    public List<LogSegment> segments() {
        return log.extent().segments();
    }

    @Override
    public CompletionStage<Void> append(RecordBatch batch) {
        return write(() -> log.append(batch));
    }

    @Override
    public CompletionStage<Void> sync() {
        return run(log::sync);
    }

    @Override
    public CompletionStage<RecordData> read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        return use(() -> log.read(offset, maxBytes, atLeastOneBatch, endOffset));
    }

    @Override
    public CompletionStage<Optional<Long>> findTimestamp(long timestamp) {
        return use(() -> log.extent().findTimestamp(timestamp));
    }

    @Override
    public CompletionStage<Void> trim(long startOffset) {
        return write(() -> log.trim(startOffset));
    }

    @Override
    public CompletionStage<Void> truncate(long endOffset) {
        return write(() -> log.truncate(endOffset));
    }

    @Override
    public CompletionStage<Void> writeCheckpoint(String name, Bytes content) {
        return run(() -> work.change(store -> {
            store.writeCheckpoint(log.id(), name, content);
            store.commit();
        }));
    }

    @Override
    public CompletionStage<Optional<Bytes>> readCheckpoint(String name) {
        return use(() -> work.ask(store -> store.readCheckpoint(log.id(), name)));
    }

    /** No setting of topics concerns a store. */
    @Override
    public void reconfigure(Configuration configuration) {}

    @Override
    public CompletionStage<Void> close() {
        return work.inOrder(() -> {
            if (!closed) {
                closed = true;
                if (log.leave()) {
                    whenLastLeaves.accept(log);
                }
                log.syncAtLast();
            }
            return null;
        });
    }
}
