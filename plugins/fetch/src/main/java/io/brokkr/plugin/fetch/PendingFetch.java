package io.brokkr.plugin.fetch;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.EpochEnd;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.Partition.Wait;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.Scheduler.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One fetch on its way: reads all its partitions, and while there is less than the client asked for, gives the records back, waits for a partition to grow or
 * for the time to run out, and reads again.
 *
 * <p>It runs as a chain of steps, one at a time, so that it needs no locks; only the race between the reasons to wake up is settled by an atomic flag.
 */
final class PendingFetch {

    private final AllowedPartitions partitions;
    private final Scheduler scheduler;
    private final Executor executor;
    private final FetchLimits limits;
    private final List<FetchTarget> targets;
    private final CompletableFuture<List<PartitionFetch>> outcome = new CompletableFuture<>();

    private List<PartitionFetch> fetched;
    private int fetchedBytes;
    private boolean urgent;

    /** Set by the timer's thread, read by the steps. */
    private volatile boolean expired;

    private volatile @Nullable Awakening awakening;
    private @Nullable Timer timer;

    /**
     * How much a client wants, and for how long it waits.
     *
     * @param minBytes over all partitions; below, the fetch waits
     * @param maxBytes over all partitions; the first batch is returned even if it is larger (KIP-74)
     * @param firstBatchOfEach whether that goes for the first batch of each partition: clients that cannot limit the whole do not see to it either that each partition has
     *     its turn
     */
    record FetchLimits(int minBytes, int maxBytes, boolean firstBatchOfEach, Duration maxWait, Isolation isolation) {}

    private PendingFetch(
            AllowedPartitions partitions,
            Scheduler scheduler,
            Executor executor,
            FetchLimits limits,
            List<FetchTarget> targets) {
        this.partitions = partitions;
        this.scheduler = scheduler;
        this.executor = executor;
        this.limits = limits;
        this.targets = targets;
        this.fetched = new ArrayList<>(targets.size());
    }

    /**
     * Starts a fetch.
     *
     * @param executor where it goes on after it was woken
     * @return what came of each target, in their order
     */
    static CompletionStage<List<PartitionFetch>> start(
            AllowedPartitions partitions,
            Scheduler scheduler,
            Executor executor,
            FetchLimits limits,
            List<FetchTarget> targets) {
        PendingFetch fetch = new PendingFetch(partitions, scheduler, executor, limits, targets);
        fetch.expired = limits.maxWait().isZero() || targets.isEmpty();
        fetch.readOn();
        return fetch.outcome;
    }

    /** Reads the targets that are left. Stages that are complete are taken in a loop, so that many partitions do not pile up on the stack. */
    private void readOn() {
        while (fetched.size() < targets.size()) {
            CompletableFuture<PartitionFetch> read =
                    read(targets.get(fetched.size())).toCompletableFuture();
            if (!read.isDone()) {
                read.thenAccept(result -> {
                            take(result);
                            readOn();
                        })
                        .exceptionally(this::giveUp);
                return;
            }
            try {
                take(read.join());
            } catch (CompletionException bug) {
                giveUp(bug);
                return;
            }
        }
        decide();
    }

    /** What is no answer to the client is a bug, and fails the request as a whole, so that the broker logs it. */
    private @Nullable Void giveUp(Throwable bug) {
        stopTimer();
        fetched.forEach(result -> result.records().close());
        outcome.completeExceptionally(bug);
        return null;
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void take(PartitionFetch result) {
        fetched.add(result);
        fetchedBytes += result.records().sizeInBytes();
        urgent |= result.isUrgent();
    }

    /** What goes wrong with one partition is its own outcome. */
    private CompletionStage<PartitionFetch> read(FetchTarget target) {
        try {
            FetchTarget.Name name = target.name();
            CompletionStage<Partition> opening = name.byId()
                    ? partitions.open(name.topicId(), name.partition())
                    : partitions.open(name.topic(), name.partition());
            return opening.thenCompose(partition -> read(target, partition))
                    .exceptionally(failure -> PartitionFetch.failed(target, null, failure));
        } catch (ApiException refusal) {
            return CompletableFuture.completedFuture(PartitionFetch.failed(target, null, refusal));
        }
    }

    private CompletionStage<PartitionFetch> read(FetchTarget target, Partition partition) {
        try {
            PartitionAccess.requireEpoch(partition, target.currentLeaderEpoch());
            EpochEnd diverging = divergence(target, partition);
            if (diverging != null) {
                return CompletableFuture.completedFuture(PartitionFetch.diverging(target, partition, diverging));
            }
            int maxBytes = Math.max(0, Math.min(target.maxBytes(), limits.maxBytes() - fetchedBytes));
            return partition
                    .read(
                            target.fetchOffset(),
                            maxBytes,
                            limits.firstBatchOfEach() || fetchedBytes == 0,
                            limits.isolation())
                    .thenApply(read -> PartitionFetch.of(target, partition, read))
                    .exceptionally(failure -> PartitionFetch.failed(target, partition, failure));
        } catch (ApiException refusal) {
            return CompletableFuture.completedFuture(PartitionFetch.failed(target, partition, refusal));
        }
    }

    /** Where the log and what the client has read before part, null if they do not (KIP-595). */
    private static @Nullable EpochEnd divergence(FetchTarget target, Partition partition) {
        int lastEpoch = target.lastFetchedEpoch();
        if (lastEpoch < 0) {
            return null;
        }
        EpochEnd end = partition.endOfEpoch(lastEpoch);
        if (end.endOffset() < 0) {
            throw new ApiException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "the leader epoch " + lastEpoch + " is not known of " + partition.name());
        }
        return end.leaderEpoch() < lastEpoch || end.endOffset() < target.fetchOffset() ? end : null;
    }

    private void decide() {
        if (expired || urgent || fetchedBytes >= limits.minBytes()) {
            stopTimer();
            outcome.complete(fetched);
        } else {
            waitForMore();
        }
    }

    private void waitForMore() {
        List<PartitionFetch> tooLittle = fetched;
        fetched = new ArrayList<>(targets.size());
        fetchedBytes = 0;
        tooLittle.forEach(result -> result.records().close());

        Awakening next = new Awakening();
        awakening = next;
        if (timer == null) {
            timer = scheduler.schedule(limits.maxWait(), this::expire);
        }
        for (PartitionFetch result : tooLittle) {
            if (result.partition() != null) {
                long seen = limits.isolation() == Isolation.READ_COMMITTED
                        ? result.lastStableOffset()
                        : result.highWatermark();
                next.add(result.partition().await(seen, limits.isolation(), next::wake));
            }
        }
        if (expired) {
            next.wake();
        }
    }

    private void expire() {
        expired = true;
        Awakening current = awakening;
        if (current != null) {
            current.wake();
        }
    }

    /** One wait with all that can end it; the first of them does, once. */
    private final class Awakening {

        private final AtomicBoolean woken = new AtomicBoolean();
        private final List<Wait> waits = new ArrayList<>(targets.size());

        void wake() {
            if (woken.compareAndSet(false, true)) {
                executor.execute(() -> {
                    cancelWaits();
                    readOn();
                });
            }
        }

        synchronized void add(Wait wait) {
            if (woken.get()) {
                wait.cancel();
            } else {
                waits.add(wait);
            }
        }

        private synchronized void cancelWaits() {
            waits.forEach(Wait::cancel);
            waits.clear();
        }
    }
}
