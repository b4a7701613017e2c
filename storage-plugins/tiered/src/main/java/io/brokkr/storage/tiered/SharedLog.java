package io.brokkr.storage.tiered;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A log as all of its openers share it: what is in the cold tier, and the changes that concern both tiers. Thread-safe.
 *
 * <p>The methods that are named «…Now» are for the {@link #changes}.
 */
final class SharedLog {

    private final LogId id;
    private final StorageEngine hotEngine;
    private final ColdLog cold;
    private final ChangeQueue changes = new ChangeQueue();

    /** Those who have the log open, the last one last. */
    private final List<HotLog> openers = new CopyOnWriteArrayList<>();

    /** Grows when batches are cut off: others may come to their offsets. */
    private final AtomicLong truncations = new AtomicLong();

    private volatile ColdPart part = ColdPart.NONE;

    /** Whether the hot tier says that there may be something in the cold one. */
    private volatile boolean noted;

    /** Whether there may be something in the cold tier that no longer counts. */
    private volatile boolean leavesRest;

    private volatile @Nullable String ended;

    SharedLog(LogId id, StorageEngine hotEngine, ColdLog cold) {
        this.id = id;
        this.hotEngine = hotEngine;
        this.cold = cold;
    }

    LogId id() {
        return id;
    }

    ColdPart part() {
        return part;
    }

    ColdLog cold() {
        return cold;
    }

    ChangeQueue changes() {
        return changes;
    }

    boolean isNoted() {
        return noted;
    }

    long truncations() {
        return truncations.get();
    }

    /** The one who opened the log last of those with the highest epoch; null if nobody has it open, or it is of no use any more. */
    @Nullable
    HotLog leader() {
        HotLog leader = null;
        for (HotLog opener : ended == null ? openers : List.<HotLog>of()) {
            leader = leader == null || opener.leaderEpoch() >= leader.leaderEpoch() ? opener : leader;
        }
        return leader;
    }

    /** There is no more use of the log. */
    void end(String why) {
        ended = why;
    }

    void requireUsable() {
        if (ended != null) {
            throw new StorageException("the log " + id + " " + ended);
        }
    }

    /** Lets somebody in who has just opened the hot log: reads the note, and ends what a crash has cut short. */
    CompletionStage<Void> enter(HotLog opener) {
        return changes.alone(() -> readPartNow(opener)
                .thenCompose(read -> openRecords(opener))
                .thenCompose(open ->
                        opener.records().startOffset() < part.endOffset() ? opener.trim(part.endOffset()) : Stages.DONE)
                .thenRun(() -> {
                    requireUsable();
                    leavesRest = leavesRest || (noted && part.segments().isEmpty());
                    cold.openUnder(opener.leaderEpoch(), opener.configuration());
                    openers.add(opener);
                }));
    }

    /** Since nobody knows what became of a note whose writing has failed. */
    CompletionStage<Void> readPartNow(HotLog opener) {
        return opener.readPart().thenAccept(read -> {
            noted = read.isPresent();
            part = read.orElse(ColdPart.NONE);
        });
    }

    private CompletionStage<Void> openRecords(HotLog opener) {
        return part.isRewound()
                ? opener.openRewound().thenAccept(opener::rewindTo).thenCompose(rewound -> opener.clearFirst())
                : Stages.DONE;
    }

    void leave(HotLog opener) {
        openers.remove(opener);
    }

    void reconfigure(HotLog opener, Configuration topic) {
        changes.pass(() -> {
            opener.reconfigure(topic);
            cold.openUnder(opener.leaderEpoch(), topic);
            return Stages.DONE;
        });
    }

    long startOffset(HotLog opener) {
        ColdPart now = part;
        return now.isEmpty() ? Math.max(now.endOffset(), opener.records().startOffset()) : now.startOffset();
    }

    long endOffset(HotLog opener) {
        return Math.max(part.endOffset(), opener.records().endOffset());
    }

    /** The hot tier is asked first: what has left it meanwhile is in the part then, and not the other way round. */
    List<LogSegment> segments(HotLog opener) {
        List<LogSegment> hot = opener.records().segments();
        return part.before(hot);
    }

    /** Writes down what is in the cold tier; from then on that is what counts. */
    CompletionStage<Void> keepNow(HotLog opener, ColdPart changed) {
        return opener.writePart(changed).thenRun(() -> {
            part = changed;
            noted = true;
        });
    }

    /** As {@link PartitionLog#trim}. The cold tier is not waited for: it gives its space back when it can. */
    CompletionStage<Void> trim(HotLog opener, long startOffset) {
        Supplier<CompletionStage<Void>> trim = () -> trimNow(opener, startOffset);
        return part.isEmpty() ? changes.pass(trim) : changes.alone(trim);
    }

    private CompletionStage<Void> trimNow(HotLog opener, long startOffset) {
        long end = endOffset(opener);
        if (startOffset > end) {
            throw new IllegalArgumentException(
                    "the log " + id + " ends at " + end + " and cannot start at " + startOffset);
        }
        ColdPart before = part;
        if (before.isEmpty()) {
            return opener.trim(startOffset);
        }
        if (startOffset <= before.startOffset()) {
            return opener.requireLeader();
        }
        return opener.requireLeader()
                .thenCompose(leads -> keepNow(opener, before.trimmed(startOffset)))
                .thenCompose(kept -> {
                    leavesRest = true;
                    return startOffset >= before.endOffset() ? opener.trim(startOffset) : Stages.DONE;
                });
    }

    /** As {@link PartitionLog#truncate}. A cut into the cold part needs the cold tier, to see what is left of the segment that is cut. */
    CompletionStage<Void> truncate(HotLog opener, long endOffset) {
        return changes.alone(() -> truncateNow(opener, endOffset));
    }

    private CompletionStage<Void> truncateNow(HotLog opener, long endOffset) {
        long start = startOffset(opener);
        if (endOffset < start) {
            throw new IllegalArgumentException(
                    "the log " + id + " starts at " + start + " and cannot end at " + endOffset);
        }
        truncations.incrementAndGet();
        ColdPart before = part;
        if (endOffset >= before.endOffset()) {
            return opener.records().truncate(endOffset);
        }
        LogSegment cut = before.segmentCutAt(endOffset);
        return opener.requireLeader()
                .thenCompose(leads -> cold.measure(before, cut, endOffset))
                .thenCompose(left -> rewindNow(opener, before.rewound(endOffset, left)));
    }

    /** The batches behind the part are gone, and the next ones go into a second log that is empty. */
    private CompletionStage<Void> rewindNow(HotLog opener, ColdPart rewound) {
        List<HotLog> peers = openers.stream()
                .filter(each -> each.leaderEpoch() == opener.leaderEpoch())
                .toList();
        List<PartitionLog> opened = new ArrayList<>();
        CompletionStage<Void> open = hotEngine.delete(HotLog.rewound(id));
        for (HotLog peer : peers) {
            open = open.thenCompose(before -> peer.openRewound()).thenAccept(opened::add);
        }
        return open.thenCompose(done -> opener.writePart(rewound)).thenCompose(written -> {
            // Readers look at the part first: who sees the new one must see the new log, too.
            for (int i = 0; i < peers.size(); i++) {
                peers.get(i).rewindTo(opened.get(i));
            }
            part = rewound;
            leavesRest = true;
            return Stages.both(opener.clearFirst(), clearRest()).exceptionally(restIsLeft -> null);
        });
    }

    /** Has the cold tier forget what no longer counts, if there is any. A move that goes on meanwhile comes to nothing. */
    CompletionStage<Void> clearRest() {
        if (!leavesRest) {
            return Stages.DONE;
        }
        leavesRest = false;
        return cold.clear(part).whenComplete((cleared, failure) -> leavesRest = leavesRest || failure != null);
    }
}
