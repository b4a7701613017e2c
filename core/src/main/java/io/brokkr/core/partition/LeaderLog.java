package io.brokkr.core.partition;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.storage.PartitionLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One opening of a partition's log, from when it was opened to when it is closed or fails. Thread-safe.
 *
 * <p>Everything that has an order happens under one lock, which is held for the calls of the engine's {@code append}, {@code trim} and {@code reconfigure} and
 * never while others are told.
 */
final class LeaderLog {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderLog.class);

    private final PartitionLog log;
    private final int leaderEpoch;
    private final Clock clock;
    private final Watermark logEnd;
    private final Watermark highWatermark;
    private volatile AppendRules rules;
    private volatile LeaderEpochs epochs;
    private volatile @Nullable ApiException failure;

    private final Object lock = new Object();
    private final ProducerStates producers;
    private final ProducerCheckpoint checkpoint;
    /** In the order of their offsets: those that the engine has not completed, or that stand behind one. */
    private final ArrayDeque<PendingAppend> unwritten = new ArrayDeque<>();
    /** Those that are written, and wait for the high watermark. */
    private final ArrayDeque<PendingAppend> uncommitted = new ArrayDeque<>();
    /** Those whose callers are to be told when the lock is free. */
    private final ArrayDeque<PendingAppend> finished = new ArrayDeque<>();

    private long nextOffset;
    private boolean syncing;
    private long syncingTo;
    /** Ends when nothing is under way any more. */
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    /** Set when closing begins. */
    private @Nullable CompletionStage<Void> closed;

    /** Takes over a log in which everything is durable; the watermarks begin at its end. */
    LeaderLog(
            OpenedLog opened,
            int leaderEpoch,
            AppendRules rules,
            Clock clock,
            Watermark logEnd,
            Watermark highWatermark) {
        this.log = opened.log();
        this.producers = opened.producers();
        this.epochs = opened.epochs();
        this.checkpoint = opened.checkpoint();
        this.leaderEpoch = leaderEpoch;
        this.rules = rules;
        this.clock = clock;
        this.logEnd = logEnd;
        this.highWatermark = highWatermark;
        this.nextOffset = log.endOffset();
        logEnd.restart(nextOffset);
        highWatermark.restart(nextOffset);
    }

    PartitionLog log() {
        return log;
    }

    AppendRules rules() {
        return rules;
    }

    LeaderEpochs epochs() {
        return epochs;
    }

    /** Why it cannot be used any more, null while it can. */
    @Nullable
    ApiException failure() {
        return failure;
    }

    /**
     * Appends valid batches behind all that was appended before.
     *
     * @throws ApiException if the sequence of the producer does not fit
     */
    CompletionStage<Appended> append(ValidBatches batches, Durability durability) {
        PendingAppend pending;
        CompletionStage<Void> writing;
        boolean underWay;
        synchronized (lock) {
            ApiException refusal = refusal();
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            RecordBatch first = batches.first();
            ProducedBatch repeated = first.hasProducerId() ? producers.admit(first) : null;
            if (repeated == null) {
                long baseOffset = nextOffset;
                writing = write(batches);
                pending = new PendingAppend(
                        new Appended(baseOffset, nextOffset - 1, batches.logAppendTime(), log.startOffset()),
                        durability,
                        Stages.isDone(writing));
            } else {
                // What it repeats may be on its way itself: the answer waits in the same queue.
                writing = Stages.DONE;
                pending = new PendingAppend(
                        new Appended(
                                repeated.baseOffset(),
                                repeated.lastOffset(),
                                repeated.logAppendTime(),
                                log.startOffset()),
                        durability,
                        true);
            }
            underWay = !pending.isWritten();
            unwritten.add(pending);
            settle();
        }
        if (underWay) {
            writing.whenComplete((done, failed) -> written(pending, failed));
        }
        proceed();
        return pending;
    }

    private @Nullable ApiException refusal() {
        ApiException failed = failure;
        return failed == null && closed != null ? closing() : failed;
    }

    private ApiException closing() {
        return new ApiException(ErrorCode.NOT_LEADER_OR_FOLLOWER, log.id() + " is being closed");
    }

    /** Gives offsets and hands the batches to the engine; with the lock. */
    private CompletionStage<Void> write(ValidBatches batches) {
        if (!epochs.reach(leaderEpoch)) {
            epochs = epochs.with(leaderEpoch, nextOffset);
            keep(LeaderEpochs.CHECKPOINT, epochs.write());
        }
        CompletionStage<Void> writing = Stages.DONE;
        for (RecordBatch batch : batches.batches()) {
            batch.setBaseOffset(nextOffset);
            batch.setPartitionLeaderEpoch(leaderEpoch);
            if (batch.hasProducerId()) {
                producers.add(batch, clock.millis());
            }
            nextOffset = batch.nextOffset();
            CompletionStage<Void> one = appendToLog(batch);
            writing = writing == Stages.DONE ? one : writing.thenCombine(one, (before, last) -> null);
        }
        checkpoint.appended(batches.sizeInBytes(), nextOffset, producers);
        return writing;
    }

    private CompletionStage<Void> appendToLog(RecordBatch batch) {
        try {
            return log.append(batch);
        } catch (RuntimeException thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    /** The engine is done with an append, well or not. */
    private void written(PendingAppend pending, @Nullable Throwable failed) {
        if (failed != null) {
            fail(Stages.apiException(failed));
        }
        ApiException why;
        synchronized (lock) {
            pending.setWritten();
            why = failure;
            if (why == null) {
                settle();
            }
        }
        if (why == null) {
            proceed();
        } else {
            pending.completeExceptionally(why);
        }
    }

    /** Moves the watermarks as far as what is complete allows, and the appends with them; with the lock. */
    private void settle() {
        for (PendingAppend next = unwritten.peek(); next != null && next.isWritten(); next = unwritten.peek()) {
            unwritten.remove();
            logEnd.moveTo(next.endOffset());
            (next.waitsForCommit() ? uncommitted : finished).add(next);
        }
        if (!rules.synced()) {
            highWatermark.moveTo(logEnd.offset());
        }
        for (PendingAppend next = uncommitted.peek();
                next != null && next.endOffset() <= highWatermark.offset();
                next = uncommitted.peek()) {
            finished.add(uncommitted.remove());
        }
    }

    /** Tells those who wait, and syncs as long as there is something to sync; without the lock. */
    private void proceed() {
        announce();
        while (beginSync()) {
            CompletionStage<Void> sync = Stages.begin(log::sync);
            if (!Stages.isDone(sync)) {
                sync.whenComplete((done, failed) -> {
                    endSync(failed);
                    proceed();
                });
                return;
            }
            endSync(null);
            announce();
        }
    }

    /** At most one sync is under way; what is written meanwhile shares the next one. */
    private boolean beginSync() {
        synchronized (lock) {
            if (syncing || failure != null || !rules.synced() || highWatermark.offset() >= logEnd.offset()) {
                return false;
            }
            syncing = true;
            syncingTo = logEnd.offset();
            return true;
        }
    }

    private void endSync(@Nullable Throwable failed) {
        if (failed != null) {
            fail(Stages.apiException(failed));
        }
        synchronized (lock) {
            syncing = false;
            if (failure == null) {
                highWatermark.moveTo(syncingTo);
                settle();
            }
        }
    }

    private void announce() {
        logEnd.wake();
        highWatermark.wake();
        Bytes snapshot;
        boolean drain;
        synchronized (lock) {
            snapshot = failure == null ? checkpoint.due(highWatermark.offset()) : null;
            drain = closed != null && isDrained();
        }
        for (PendingAppend done = nextFinished(); done != null; done = nextFinished()) {
            done.succeed();
        }
        if (snapshot != null) {
            keepSnapshot(snapshot);
        }
        if (drain) {
            drained.complete(null);
        }
    }

    private @Nullable PendingAppend nextFinished() {
        synchronized (lock) {
            return finished.poll();
        }
    }

    private boolean isDrained() {
        return failure != null || (unwritten.isEmpty() && !syncing && highWatermark.offset() >= logEnd.offset());
    }

    private void keepSnapshot(Bytes snapshot) {
        keep(ProducerSnapshot.CHECKPOINT, snapshot).whenComplete((done, failed) -> {
            synchronized (lock) {
                checkpoint.kept(failed == null);
            }
        });
    }

    /** A checkpoint that cannot be written costs time at the next opening, and nothing else: all that is in it is in the log too. */
    private CompletionStage<Void> keep(String name, Bytes content) {
        return Stages.begin(() -> log.writeCheckpoint(name, content)).whenComplete((done, failed) -> {
            if (failed != null && failure == null) {
                LOG.warn("the checkpoint {} of {} could not be written", name, log.id(), failed);
            }
        });
    }

    /**
     * Ends this opening: all appends under way fail, each when the engine does not need its bytes any more, and whoever waits is woken. Does nothing if it
     * has failed before.
     */
    void fail(ApiException why) {
        List<PendingAppend> lost = new ArrayList<>();
        synchronized (lock) {
            if (failure != null) {
                return;
            }
            failure = why;
            unwritten.stream().filter(PendingAppend::isWritten).forEach(lost::add);
            lost.addAll(uncommitted);
            unwritten.clear();
            uncommitted.clear();
        }
        lost.forEach(pending -> pending.completeExceptionally(why));
        logEnd.interrupt();
        highWatermark.interrupt();
        announce();
    }

    /** Forgets what lies before an offset, which must not be above the high watermark. */
    CompletionStage<Void> trim(long startOffset) {
        synchronized (lock) {
            ApiException failed = failure;
            return failed == null ? log.trim(startOffset) : CompletableFuture.failedFuture(failed);
        }
    }

    void reconfigure(Configuration configuration) {
        synchronized (lock) {
            rules = AppendRules.of(configuration);
            if (failure == null) {
                log.reconfigure(configuration);
                settle();
            }
        }
        proceed();
    }

    void expireProducers(long usedBefore) {
        synchronized (lock) {
            producers.expire(usedBefore);
        }
    }

    /** Lets what is under way end, refuses what comes, keeps the states of the producers, and closes the log. */
    CompletionStage<Void> close() {
        CompletionStage<Void> end;
        synchronized (lock) {
            if (closed != null) {
                return closed;
            }
            end = drained.thenCompose(done -> keepAtClose()).thenCompose(done -> log.close());
            closed = end;
        }
        proceed();
        return end;
    }

    private CompletionStage<Void> keepAtClose() {
        Bytes snapshot;
        synchronized (lock) {
            snapshot = failure == null ? checkpoint.atClose(nextOffset, producers) : null;
        }
        fail(closing());
        return snapshot == null
                ? Stages.DONE
                : keep(ProducerSnapshot.CHECKPOINT, snapshot).handle((done, failed) -> null);
    }
}
