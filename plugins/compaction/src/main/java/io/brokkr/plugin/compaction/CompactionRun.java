package io.brokkr.plugin.compaction;

import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.ReplaceableLog;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One run over one log: it notes the keys in the uncompacted part, and then writes the segments from the start of the log on anew, a group at a time.
 *
 * <p>Whatever ends it, the log is a sound one: each group is replaced as a whole, older ones first, so that a record is gone only where a newer one of its key is behind it.
 * The checkpoint is written last; until then a later run begins where this one did.
 */
final class CompactionRun {

    private final ReplaceableLog log;
    private final Progress before;
    private final DirtyRange range;
    private final CompactionRule rule;
    private final Workshop workshop;
    private final KeyOffsets keys;
    private final long now;
    private final ProducerTails producers;
    private final DirtyScan scan;

    /**
     * A run.
     *
     * @param before what the log's checkpoint says
     * @param range what to compact; it may be empty if only deletions are due
     * @param keys nobody else's until the run has ended
     */
    CompactionRun(
            ReplaceableLog log,
            Progress before,
            DirtyRange range,
            CompactionRule rule,
            Workshop workshop,
            KeyOffsets keys) {
        this.log = log;
        this.before = before;
        this.range = range;
        this.rule = rule;
        this.workshop = workshop;
        this.keys = keys;
        this.now = workshop.clock().millis();
        producers = new ProducerTails(now - workshop.producerExpiration().toMillis(), workshop.mostProducers());
        scan = new DirtyScan(log, workshop, keys, producers, range.startOffset(), range.endOffset());
    }

    /** The finished segments of a log: all but the last one. */
    static List<LogSegment> finished(ReplaceableLog log) {
        List<LogSegment> segments = log.segments();
        return segments.subList(0, segments.size() - 1);
    }

    /**
     * Compacts.
     *
     * @return how far the log is compacted then, which its checkpoint says, too
     */
    CompletionStage<Progress> run() {
        keys.clear();
        // Older records must not go before the newer ones are safe.
        return log.sync()
                .thenCompose(synced -> findProducers())
                .thenCompose(done -> scan.run())
                .thenCompose(done -> rewrite());
    }

    /** In the compacted part, as far as somebody whom the broker remembers may have written there. */
    private CompletionStage<Void> findProducers() {
        Iterator<LogSegment> clean = finished(log).stream()
                .filter(segment -> segment.baseOffset() < range.startOffset())
                .filter(segment -> producers.isRecent(segment.maxTimestamp()))
                .iterator();
        return Loop.run(
                () -> clean.hasNext() ? findProducers(clean.next()).thenApply(done -> true) : Loop.END,
                workshop.blocking());
    }

    private CompletionStage<Void> findProducers(LogSegment segment) {
        long start = Math.max(segment.baseOffset(), log.startOffset());
        long end = Math.min(segment.endOffset(), range.startOffset());
        return BatchWalk.run(log, start, end, workshop.pace(), workshop.blocking(), batch -> {
            producers.add(batch);
            return Loop.GO_ON;
        });
    }

    private CompletionStage<Progress> rewrite() {
        if (scan.endOffset() <= range.startOffset() && !before.isDue(now)) {
            return CompletableFuture.completedStage(before);
        }
        BatchCleaner cleaner = new BatchCleaner(keys, scan, producers, workshop.codecs(), rule, now);
        Iterator<SegmentGroup> groups = SegmentGroup.of(finished(log), scan.endOffset(), rule.segmentSizeInBytes())
                .iterator();
        return Loop.run(
                        () -> groups.hasNext()
                                ? new Rewriting(log, groups.next(), cleaner, workshop)
                                        .run()
                                        .thenApply(done -> true)
                                : Loop.END,
                        workshop.blocking())
                .thenCompose(done -> end(cleaner));
    }

    private CompletionStage<Progress> end(BatchCleaner cleaner) {
        workshop.metrics().ended(cleaner.removedRecords());
        Progress progress = new Progress(scan.endOffset(), cleaner.latestHorizon());
        return log.writeCheckpoint(Progress.CHECKPOINT, progress.write()).thenApply(written -> progress);
    }
}
