package io.brokkr.storage.tiered;

import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** One move of the oldest segment of a log from the hot tier to the cold one; the package page says in which steps. */
final class SegmentMove {

    private static final CompletionStage<Optional<LogSegment>> NONE =
            CompletableFuture.completedStage(Optional.empty());

    private final SharedLog log;
    private final HotLog hot;
    private final Executor blocking;
    private final ColdPart part;
    private final long truncations;
    private final boolean isKnown;
    private final LogSegment oldest;

    private SegmentMove(SharedLog log, HotLog hot, Executor blocking) {
        this.log = log;
        this.hot = hot;
        this.blocking = blocking;
        this.part = log.part();
        this.truncations = log.truncations();
        this.isKnown = log.isNoted();
        this.oldest = hotSegments(log, hot).get(0);
    }

    /** The segments that are in the hot tier alone, the oldest first, and one at least. */
    static List<LogSegment> hotSegments(SharedLog log, HotLog hot) {
        List<LogSegment> stored = hot.records().segments();
        ColdPart part = log.part();
        List<LogSegment> all = part.before(stored);
        return all.subList(part.segments().size(), all.size());
    }

    /**
     * Moves the oldest segment.
     *
     * @param hot the hot side of the one who leads; it has more than one segment
     * @return what is in the cold tier now; empty if the log was changed meanwhile, so that nothing was moved
     */
    static CompletionStage<Optional<LogSegment>> run(SharedLog log, HotLog hot, Executor blocking) {
        return log.changes().alone(() -> log.readPartNow(hot)).thenCompose(read -> new SegmentMove(log, hot, blocking)
                .make());
    }

    private CompletionStage<Optional<LogSegment>> make() {
        return log.cold()
                .openForMove(part, isKnown)
                .thenCompose(cold -> note().thenCompose(noted -> copy(cold))
                        .handle((copied, failure) -> cold.close()
                                .handle((closed, again) -> failure == null
                                        ? CompletableFuture.completedStage(copied)
                                        : CompletableFuture.<LogSegment>failedStage(failure)))
                        .thenCompose(Function.identity())
                        .thenCompose(Function.identity()))
                .thenCompose(copied -> log.changes().alone(() -> commitNow(copied)));
    }

    /** Before anything is in the cold tier, so that who finds something there knows that it is the log's own. */
    private CompletionStage<Void> note() {
        return isKnown
                ? Stages.DONE
                : log.changes().alone(() -> hot.requireLeader().thenCompose(leads -> log.keepNow(hot, log.part())));
    }

    private CompletionStage<LogSegment> copy(PartitionLog cold) {
        long from = Math.max(oldest.baseOffset(), Math.max(log.startOffset(hot), part.endOffset()));
        return BatchWalk.run(hot.records(), from, oldest.endOffset(), blocking, batch -> log.cold()
                        .append(cold, batch))
                .thenCompose(
                        copied -> log.cold().sync(cold).thenApply(synced -> copied.asSegment(oldest.baseOffset())));
    }

    private CompletionStage<Optional<LogSegment>> commitNow(LogSegment copied) {
        ColdPart now = log.part();
        long start = log.startOffset(hot);
        if (log.truncations() != truncations || !now.endsLike(part) || start >= oldest.endOffset()) {
            return NONE;
        }
        return hot.requireLeader()
                .thenCompose(leads -> log.keepNow(hot, now.with(start, copied, oldest.endOffset())))
                .thenCompose(kept -> hot.trim(oldest.endOffset()))
                .thenApply(trimmed -> Optional.of(copied));
    }
}
