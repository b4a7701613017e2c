package io.brokkr.storage.tiered;

import io.brokkr.spi.Metrics;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.StorageContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Moves what is due in the logs that are open: a segment of each log in turn, as long as there are any.
 *
 * <p>A log whose move fails is left for the next round. After several failures in a row the round ends, since the cold tier is what they have in common; the order is another one each time, so that the same
 * logs do not always stand before the others.
 */
final class Mover {

    private static final Logger LOG = System.getLogger(Mover.class.getName());
    private static final int MOST_FAILURES_IN_A_ROW = 3;

    private final Supplier<Collection<SharedLog>> logs;
    private final StorageContext context;
    private final Executor blocking;
    private final Metrics.Counter movedBytes;
    private final Metrics.Counter failedMoves;

    /** What the operator was told of the logs that fail. */
    private final Map<LogId, String> told = new ConcurrentHashMap<>();

    private volatile boolean closed;

    Mover(Supplier<Collection<SharedLog>> logs, StorageContext context) {
        this.logs = logs;
        this.context = context;
        this.blocking = context.scheduler().blocking();
        Metrics metrics = context.metrics();
        movedBytes = metrics.counter(
                "brokkr_tiered_moved_bytes_total",
                "Bytes that were moved from the hot tier to the cold one.",
                Map.of());
        failedMoves = metrics.counter(
                "brokkr_tiered_failed_moves_total", "Moves of a segment that failed, and are tried again.", Map.of());
        metrics.gauge(
                "brokkr_tiered_pending_segments",
                "Segments in the hot tier that are to be moved to the cold one, of the logs that are open.",
                Map.of(),
                () -> logs.get().stream().mapToInt(this::due).sum());
    }

    /** What is under way ends, and as it may fail by that, nobody is told. */
    void close() {
        closed = true;
    }

    /**
     * Looks at all logs, and moves what is due. Not to be called before the round before is complete.
     *
     * @return complete when nothing is due any more, or nothing can be moved; does not fail
     */
    CompletionStage<Void> round() {
        List<SharedLog> all = new ArrayList<>(logs.get());
        Collections.shuffle(all);
        return new Round(all).run();
    }

    private int due(SharedLog log) {
        HotLog hot = log.leader();
        return hot == null
                ? 0
                : LocalRetention.of(hot.configuration())
                        .due(SegmentMove.hotSegments(log, hot), context.clock().millis());
    }

    private void moved(LogId id, LogSegment segment) {
        movedBytes.add(segment.sizeInBytes());
        told.remove(id);
        context.events()
                .raise(
                        "segment.moved",
                        id.topic(),
                        Map.of(
                                "partition", Integer.toString(id.partition()),
                                "baseOffset", Long.toString(segment.baseOffset()),
                                "endOffset", Long.toString(segment.endOffset())));
    }

    private void failed(LogId id, Throwable failure) {
        failedMoves.add(1);
        String reason = String.valueOf(failure.getMessage());
        if (!reason.equals(told.put(id, reason))) {
            LOG.log(Level.WARNING, "segments of {0} stay in the hot tier until the next look: {1}", id, reason);
        }
    }

    /** One time round, in passes that have less and less to do. */
    private final class Round {

        private Iterator<SharedLog> pass;
        private List<SharedLog> next = new ArrayList<>();
        private int failuresInARow;

        Round(List<SharedLog> all) {
            pass = all.iterator();
        }

        CompletionStage<Void> run() {
            while (!closed && failuresInARow < MOST_FAILURES_IN_A_ROW) {
                if (!pass.hasNext() && next.isEmpty()) {
                    break;
                }
                if (!pass.hasNext()) {
                    pass = next.iterator();
                    next = new ArrayList<>();
                }
                CompletableFuture<Void> visit = visit(pass.next()).toCompletableFuture();
                if (!visit.isDone()) {
                    return visit.thenComposeAsync(visited -> run(), blocking);
                }
            }
            return Stages.DONE;
        }

        /** Never fails. */
        private CompletionStage<Void> visit(SharedLog log) {
            HotLog hot = log.leader();
            if (hot == null) {
                return Stages.DONE;
            }
            return Stages.begin(() -> log.clearRest().thenCompose(cleared -> move(log, hot)))
                    .handle((moved, failure) -> {
                        if (failure != null) {
                            failed(log, hot, Stages.cause(failure));
                        } else if (moved.isPresent()) {
                            failuresInARow = 0;
                            next.add(log);
                            moved(log.id(), moved.get());
                        }
                        return null;
                    });
        }

        private CompletionStage<Optional<LogSegment>> move(SharedLog log, HotLog hot) {
            return due(log) > 0
                    ? SegmentMove.run(log, hot, blocking)
                    : CompletableFuture.completedStage(Optional.empty());
        }

        /** Whose hot log was closed meanwhile has failed for that. */
        private void failed(SharedLog log, HotLog hot, Throwable failure) {
            if (!closed && hot == log.leader()) {
                failuresInARow++;
                Mover.this.failed(log.id(), failure);
            }
        }
    }
}
