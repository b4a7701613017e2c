package io.brokkr.plugin.compaction;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** One look at an open log, and a run over it if it is due. */
final class LogLook {

    private final ReplaceableLog log;
    private final CompactionRule rule;
    private final Workshop workshop;
    private final Supplier<KeyOffsets> keys;
    private final Supplier<CompletionStage<Long>> stableOffset;

    /**
     * What there was to see.
     *
     * @param endOffset the end of the log
     * @param compacted whether there was a run
     * @param dueAt when there is something to do even if nobody writes, epoch milliseconds; {@link Long#MAX_VALUE} for never
     */
    record Seen(long endOffset, boolean compacted, long dueAt) {}

    /**
     * A look.
     *
     * @param keys is asked for memory if there is a run
     * @param stableOffset is asked for the partition's last stable offset if there is a run
     */
    LogLook(
            ReplaceableLog log,
            CompactionRule rule,
            Workshop workshop,
            Supplier<KeyOffsets> keys,
            Supplier<CompletionStage<Long>> stableOffset) {
        this.log = log;
        this.rule = rule;
        this.workshop = workshop;
        this.keys = keys;
        this.stableOffset = stableOffset;
    }

    CompletionStage<Seen> run() {
        return log.readCheckpoint(Progress.CHECKPOINT)
                .thenCompose(found -> judge(found.map(Progress::read).orElse(Progress.NONE)));
    }

    private CompletionStage<Seen> judge(Progress progress) {
        long now = workshop.clock().millis();
        DirtyRange range =
                DirtyRange.of(CompactionRun.finished(log), log.startOffset(), progress.firstDirty(), rule, now);
        if (range.isLarge(rule) || progress.isDue(now)) {
            return compact(progress, range);
        }
        if (range.isEmpty() || rule.maxLagMillis() == Long.MAX_VALUE) {
            return CompletableFuture.completedStage(seen(false, progress.latestHorizon()));
        }
        return log.read(range.startOffset(), 0, true, range.endOffset())
                .thenComposeAsync(
                        first -> {
                            long due = CompactionRule.plus(timestampOf(first), rule.maxLagMillis());
                            return due <= now
                                    ? compact(progress, range)
                                    : CompletableFuture.completedStage(
                                            seen(false, Math.min(due, progress.latestHorizon())));
                        },
                        workshop.blocking());
    }

    /** The age of the first uncompacted batch stands for that of all. */
    private long timestampOf(RecordData first) {
        try (first) {
            Iterator<RecordBatch> batches =
                    RecordBatches.possiblyCut(first.toBuffer()).iterator();
            return batches.hasNext() ? batches.next().maxTimestamp() : Long.MAX_VALUE;
        } catch (IOException unreadable) {
            throw new StorageException("cannot read " + log.id(), unreadable);
        }
    }

    private CompletionStage<Seen> compact(Progress progress, DirtyRange range) {
        return stableOffset.get().thenCompose(offset -> {
            DirtyRange stable = range.upTo(offset);
            if (stable.isEmpty() && !progress.isDue(workshop.clock().millis())) {
                return CompletableFuture.completedStage(seen(false, progress.latestHorizon()));
            }
            return new CompactionRun(log, progress, stable, rule, workshop, keys.get())
                    .run()
                    .thenApply(after -> seen(!after.equals(progress), after.latestHorizon()));
        });
    }

    private Seen seen(boolean compacted, long dueAt) {
        return new Seen(log.endOffset(), compacted, dueAt);
    }
}
