package io.brokkr.storage.tiered;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.OffsetOutOfRangeException;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A log as one opener sees it: says which tier answers. */
final class TieredLog implements PartitionLog {

    private final SharedLog log;
    private final HotLog hot;
    private final Consumer<TieredLog> whenClosed;
    private volatile boolean closed;

    /** For an opener whose hot log has entered the shared one. */
    TieredLog(SharedLog log, HotLog hot, Consumer<TieredLog> whenClosed) {
        this.log = log;
        this.hot = hot;
        this.whenClosed = whenClosed;
    }

    SharedLog shared() {
        return log;
    }

    HotLog hot() {
        return hot;
    }

    /** Storage exceptions fail the stage. */
    private <T> CompletionStage<T> use(Supplier<CompletionStage<T>> work) {
        if (closed) {
            return CompletableFuture.failedStage(new StorageException("the log " + id() + " was closed"));
        }
        try {
            log.requireUsable();
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
        return log.startOffset(hot);
    }

    @Override
    public long endOffset() {
        return log.endOffset(hot);
    }

    @Override
    public long sizeInBytes() {
        return segments().stream().mapToLong(LogSegment::sizeInBytes).sum();
    }

    @Override
    public List<LogSegment> segments() {
        return log.segments(hot);
    }

    @Override
    public CompletionStage<Void> append(RecordBatch batch) {
        return use(() -> log.changes().pass(() -> appendNow(batch)));
    }

    private CompletionStage<Void> appendNow(RecordBatch batch) {
        long coldEnd = log.part().endOffset();
        if (batch.baseOffset() < coldEnd) {
            throw new IllegalArgumentException("the log " + id() + " ends at " + endOffset() + ", a batch at "
                    + batch.baseOffset() + " comes too late");
        }
        return hot.records().append(batch);
    }

    /** What is in the cold tier is durable already. */
    @Override
    public CompletionStage<Void> sync() {
        return use(() -> {
            CompletionStage<Void> before = log.changes().settled();
            return before == Stages.DONE
                    ? hot.records().sync()
                    : before.thenCompose(settled -> hot.records().sync());
        });
    }

    @Override
    public CompletionStage<RecordData> read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        return askAgainIfMoved(() -> {
            ColdPart part = log.part();
            long start = startOffset();
            if (offset < start) {
                throw new OffsetOutOfRangeException("the log " + id() + " starts at " + start + ", not at " + offset);
            }
            return offset < part.recordsEnd()
                    ? log.cold().read(part, offset, maxBytes, atLeastOneBatch, endOffset)
                    : hot.records().read(Math.max(offset, part.endOffset()), maxBytes, atLeastOneBatch, endOffset);
        });
    }

    @Override
    public CompletionStage<Optional<Long>> findTimestamp(long timestamp) {
        return askAgainIfMoved(() -> {
            ColdPart part = log.part();
            if (!part.reaches(timestamp)) {
                return findInHot(part, timestamp);
            }
            return log.cold()
                    .findTimestamp(part, timestamp)
                    .thenCompose(found ->
                            found.isPresent() ? CompletableFuture.completedStage(found) : findInHot(part, timestamp));
        });
    }

    /** A segment that has moved away meanwhile was looked for in vain, in both tiers. */
    private CompletionStage<Optional<Long>> findInHot(ColdPart part, long timestamp) {
        return hot.records().findTimestamp(timestamp).thenCompose(found -> {
            if (!log.part().equals(part)) {
                return findTimestamp(timestamp);
            }
            return CompletableFuture.completedStage(found.map(offset -> Math.max(offset, startOffset())));
        });
    }

    /** What fails since the tiers have changed meanwhile may be answered by the other one. */
    private <T> CompletionStage<T> askAgainIfMoved(Supplier<CompletionStage<T>> question) {
        ColdPart before = log.part();
        CompletableFuture<T> answer = use(question).toCompletableFuture();
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            return answer;
        }
        return answer.handle((result, failure) ->
                        failure == null || log.part().equals(before) ? answer : askAgainIfMoved(question))
                .thenCompose(Function.identity());
    }

    @Override
    public CompletionStage<Void> trim(long startOffset) {
        return use(() -> log.trim(hot, startOffset));
    }

    @Override
    public CompletionStage<Void> truncate(long endOffset) {
        return use(() -> log.truncate(hot, endOffset));
    }

    @Override
    public CompletionStage<Void> writeCheckpoint(String name, Bytes content) {
        return use(() -> hot.writeCheckpoint(name, content));
    }

    @Override
    public CompletionStage<Optional<Bytes>> readCheckpoint(String name) {
        return use(() -> hot.readCheckpoint(name));
    }

    @Override
    public void reconfigure(Configuration configuration) {
        log.reconfigure(hot, configuration);
    }

    @Override
    public CompletionStage<Void> close() {
        if (closed) {
            return Stages.DONE;
        }
        closed = true;
        return log.changes().pass(() -> {
            whenClosed.accept(this);
            return hot.close();
        });
    }
}
