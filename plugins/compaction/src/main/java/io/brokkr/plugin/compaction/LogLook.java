package io.brokkr.plugin.compaction;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** One look at an open log, and a run over it if it is due. */
final class LogLook {

    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private final ReplaceableLog log;
    private final CompactionRule rule;
    private final Workshop workshop;
    private final Supplier<KeyOffsets> keys;
    private final Supplier<CompletionStage<Long>> stableOffset;
    private final long now;
    private Arrivals arrivals;
    private long dueAt = Long.MAX_VALUE;

    /**
     * What there was to see.
     *
     * @param endOffset the end of the log
     * @param compacted whether there was a run
     * @param dueAt when there is something to do even if nobody writes, epoch milliseconds; {@link Long#MAX_VALUE} for never
     * @param arrivals for the next look
     */
    record Seen(long endOffset, boolean compacted, long dueAt, Arrivals arrivals) {}

    /**
     * A look.
     *
     * @param arrivals of the look before
     * @param keys is asked for memory if there is a run
     * @param stableOffset is asked for the partition's last stable offset if there is a run
     */
    LogLook(
            ReplaceableLog log,
            CompactionRule rule,
            Workshop workshop,
            Arrivals arrivals,
            Supplier<KeyOffsets> keys,
            Supplier<CompletionStage<Long>> stableOffset) {
        this.log = log;
        this.rule = rule;
        this.workshop = workshop;
        this.arrivals = arrivals;
        this.keys = keys;
        this.stableOffset = stableOffset;
        this.now = workshop.clock().millis();
    }

    CompletionStage<Seen> run() {
        return finishOldSegment()
                .thenCompose(done -> log.readCheckpoint(Progress.CHECKPOINT))
                .thenCompose(found -> judge(found.map(Progress::read).orElse(Progress.NONE)));
    }

    /** The segment that is being written is not compacted: one with an old record is ended, though nobody may append any more. */
    private CompletionStage<Void> finishOldSegment() {
        List<LogSegment> segments = log.segments();
        LogSegment written = segments.get(segments.size() - 1);
        if (written.sizeInBytes() == 0) {
            arrivals = new Arrivals(written.endOffset(), now);
            return DONE;
        }
        if (rule.mostSegmentMillis() == Long.MAX_VALUE) {
            return DONE;
        }
        return arrivalAt(Math.max(written.baseOffset(), log.startOffset())).thenCompose(arrival -> {
            if (isDue(CompactionRule.plus(arrival, rule.mostSegmentMillis()))) {
                arrivals = new Arrivals(log.endOffset(), now);
                return log.finishSegment();
            }
            return DONE;
        });
    }

    /** Whether a time has come; if not, it is one for which somebody has to look again. */
    private boolean isDue(long time) {
        boolean hasCome = time <= now;
        dueAt = hasCome ? dueAt : Math.min(dueAt, time);
        return hasCome;
    }

    /** When the first batch came that was not compacted, or not ended: its age stands for that of all behind it. */
    private CompletionStage<Long> arrivalAt(long offset) {
        return log.read(offset, 0, true, Long.MAX_VALUE)
                .thenApplyAsync(first -> arrivals.of(offset, timestampOf(first)), workshop.blocking());
    }

    private long timestampOf(RecordData first) {
        try (first) {
            Iterator<RecordBatch> batches =
                    RecordBatches.possiblyCut(first.toBuffer()).iterator();
            return batches.hasNext() ? batches.next().maxTimestamp() : Long.MAX_VALUE;
        } catch (IOException unreadable) {
            throw new StorageException("cannot read " + log.id(), unreadable);
        }
    }

    private CompletionStage<Seen> judge(Progress progress) {
        DirtyRange range =
                DirtyRange.of(CompactionRun.finished(log), log.startOffset(), progress.firstDirty(), rule, now);
        dueAt = Math.min(dueAt, range.nextDueAt());
        if (isDue(progress.latestHorizon()) || range.isLarge(rule)) {
            return compact(progress, range);
        }
        if (range.isEmpty() || rule.maxLagMillis() == Long.MAX_VALUE) {
            return CompletableFuture.completedStage(seen(false));
        }
        return arrivalAt(range.startOffset())
                .thenCompose(arrival -> isDue(CompactionRule.plus(arrival, rule.maxLagMillis()))
                        ? compact(progress, range)
                        : CompletableFuture.completedStage(seen(false)));
    }

    private CompletionStage<Seen> compact(Progress progress, DirtyRange range) {
        return stableOffset.get().thenCompose(offset -> {
            DirtyRange stable = range.upTo(offset);
            if (stable.isEmpty() && !progress.isDue(workshop.clock().millis())) {
                return CompletableFuture.completedStage(seen(false));
            }
            return new CompactionRun(log, progress, stable, rule, workshop, keys.get())
                    .run()
                    .thenApply(after -> seen(!after.equals(progress)));
        });
    }

    private Seen seen(boolean compacted) {
        return new Seen(log.endOffset(), compacted, dueAt, arrivals);
    }
}
