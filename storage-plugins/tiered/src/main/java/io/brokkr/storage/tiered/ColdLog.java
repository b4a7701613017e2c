package io.brokkr.storage.tiered;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.OffsetOutOfRangeException;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cold side of a log. It is opened when somebody needs it, and again after a failure. Thread-safe.
 *
 * <p>What may be in it beside the {@link ColdPart}: batches before its start, which a trim has left there and the next use forgets; and batches behind its end, of a move that did not come to its end or
 * of a truncation, which the next move cuts off. Nobody reads them.
 */
final class ColdLog {

    private final LogId id;
    private final ColdEngine engine;
    private final Executor blocking;

    /** Under the monitor. */
    private int leaderEpoch;

    private @Nullable Configuration configuration;

    private @Nullable CompletableFuture<PartitionLog> opened;

    /** Held for the calls that change the log, which must not be made by two threads at once. */
    private final Object changes = new Object();

    ColdLog(LogId id, ColdEngine engine, Executor blocking) {
        this.id = id;
        this.engine = engine;
        this.blocking = blocking;
    }

    /** From now on the log is opened under this epoch; lower ones do not count. */
    synchronized void openUnder(int epoch, Configuration topic) {
        if (configuration == null || epoch >= leaderEpoch) {
            if (epoch > leaderEpoch) {
                forget();
            }
            leaderEpoch = epoch;
            configuration = topic;
        }
    }

    /** The log as those who read have it. */
    private synchronized CompletionStage<PartitionLog> log() {
        CompletableFuture<PartitionLog> known = opened;
        if (known == null || known.isCompletedExceptionally()) {
            known = open().toCompletableFuture();
            opened = known;
        }
        return known;
    }

    private synchronized CompletionStage<PartitionLog> open() {
        Configuration topic = configuration;
        int epoch = leaderEpoch;
        return topic == null
                ? CompletableFuture.failedStage(new StorageException("the log " + id + " was closed"))
                : engine.get().thenCompose(cold -> cold.open(id, epoch, topic));
    }

    /** The next use opens it again. */
    private synchronized void forget() {
        CompletableFuture<PartitionLog> known = opened;
        opened = null;
        if (known != null) {
            CompletionStage<Void> closed = known.thenCompose(PartitionLog::close);
            closed.exceptionally(failed -> null);
        }
    }

    private static CompletionStage<PartitionLog> completed(PartitionLog log) {
        return CompletableFuture.completedStage(log);
    }

    private CompletionStage<Void> change(Supplier<CompletionStage<Void>> change) {
        synchronized (changes) {
            return Stages.begin(change);
        }
    }

    private CompletionStage<PartitionLog> use(ColdPart part) {
        return log().thenCompose(log -> settle(log, part));
    }

    /** Sees to it that the whole part is there, and nothing before it. */
    private CompletionStage<PartitionLog> settle(PartitionLog log, ColdPart part) {
        if (log.endOffset() < part.recordsEnd()) {
            throw new StorageException("it ends at " + log.endOffset() + ", and held offsets up to " + part.recordsEnd()
                    + " before: bring back what it has lost, or give that up by deleting the records before "
                    + part.endOffset());
        }
        long start = Math.min(part.startOffset(), log.endOffset());
        return log.startOffset() >= start
                ? completed(log)
                : change(() -> log.trim(start)).thenApply(trimmed -> log);
    }

    /**
     * Opens the log for a move, which closes it: with what the part says in it and nothing else.
     *
     * @param isKnown whether the hot tier has said before that there may be something
     */
    CompletionStage<PartitionLog> openForMove(ColdPart part, boolean isKnown) {
        boolean isRest = isKnown && part.segments().isEmpty();
        return watch(() -> (isRest ? deleteNow() : Stages.DONE)
                .thenCompose(clean -> open())
                .thenCompose(log -> clean(log, part, isKnown)
                        .handle((clean, failure) -> failure == null ? completed(log) : closeAfter(log, failure))
                        .thenCompose(Function.identity())));
    }

    private CompletionStage<PartitionLog> clean(PartitionLog log, ColdPart part, boolean isKnown) {
        return Stages.begin(() -> {
            if (!isKnown) {
                return completed(requireEmpty(log));
            }
            return settle(log, part)
                    .thenCompose(settled -> log.endOffset() > part.recordsEnd()
                            ? change(() -> log.truncate(part.recordsEnd())).thenApply(cut -> log)
                            : completed(log));
        });
    }

    private static CompletionStage<PartitionLog> closeAfter(PartitionLog log, Throwable failure) {
        return log.close()
                .handle((closed, again) -> null)
                .thenCompose(closed -> CompletableFuture.failedStage(failure));
    }

    private PartitionLog requireEmpty(PartitionLog log) {
        if (log.endOffset() > 0) {
            throw new StorageException("it holds the log up to offset " + log.endOffset()
                    + ", and the hot tier knows nothing of that: the hot tier's data was lost, or another broker has the same cold tier."
                    + " Nothing is moved before what is there is moved away");
        }
        return log;
    }

    /** To a log that is {@linkplain #openForMove open for a move}. */
    CompletionStage<Void> append(PartitionLog log, RecordBatch batch) {
        return watch(() -> change(() -> log.append(batch)));
    }

    /** Makes it durable. */
    CompletionStage<Void> sync(PartitionLog log) {
        return watch(log::sync);
    }

    /** As {@link PartitionLog#read}, in the part. */
    CompletionStage<RecordData> read(
            ColdPart part, long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        long end = Math.min(endOffset, part.recordsEnd());
        return watch(() -> use(part).thenCompose(log -> log.read(offset, maxBytes, atLeastOneBatch, end)));
    }

    /** As {@link PartitionLog#findTimestamp}, in the part. */
    CompletionStage<Optional<Long>> findTimestamp(ColdPart part, long timestamp) {
        return watch(
                () -> use(part).thenCompose(log -> log.findTimestamp(timestamp)).thenApply(found -> found.filter(
                                offset -> offset < part.recordsEnd())
                        .map(offset -> Math.max(offset, part.startOffset()))));
    }

    /**
     * What a truncation leaves of a segment of the part.
     *
     * @param cut null if it goes between two segments
     */
    CompletionStage<@Nullable LogSegment> measure(ColdPart part, @Nullable LogSegment cut, long endOffset) {
        if (cut == null) {
            return CompletableFuture.completedStage(null);
        }
        long from = Math.max(cut.baseOffset(), part.startOffset());
        return watch(() -> use(part)
                .thenCompose(log -> BatchWalk.run(log, from, endOffset, blocking, batch -> Stages.DONE))
                .thenApply(walked -> walked.asSegment(cut.baseOffset())));
    }

    /** Forgets all but the part. */
    CompletionStage<Void> clear(ColdPart part) {
        return watch(() -> part.segments().isEmpty()
                ? deleteNow()
                : log().thenCompose(log -> clean(log, part, true)).thenApply(clean -> null));
    }

    private CompletionStage<Void> deleteNow() {
        forget();
        return engine.get().thenCompose(cold -> cold.delete(id));
    }

    /** Nobody has the log open any more. */
    synchronized void close() {
        forget();
        configuration = null;
    }

    /** Says of a failure where it comes from; after one that may be the log's, it is opened again. */
    private <T> CompletionStage<T> watch(Supplier<CompletionStage<T>> work) {
        return Stages.begin(work)
                .handle((result, failure) -> failure == null
                        ? CompletableFuture.completedStage(result)
                        : this.<T>failed(Stages.cause(failure)))
                .thenCompose(Function.identity());
    }

    private <T> CompletionStage<T> failed(Throwable failure) {
        if (failure instanceof OffsetOutOfRangeException || failure instanceof CorruptLogException) {
            return CompletableFuture.failedStage(failure);
        }
        forget();
        return CompletableFuture.failedStage(
                failure instanceof LogFencedException
                        ? failure
                        : new StorageException(
                                "the cold tier " + engine.name() + " cannot be used for " + id + ": "
                                        + failure.getMessage(),
                                failure));
    }
}
