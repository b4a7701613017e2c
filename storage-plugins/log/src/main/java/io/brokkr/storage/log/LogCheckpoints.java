package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings a log to the device, and keeps the state file that says what is there.
 *
 * <p>Who calls holds the log's {@link SegmentedLog#maintenance}, and its monitor too where it says so.
 */
final class LogCheckpoints {

    /** How much there is to read through after a crash, in a log whose appends are synced: about as many bytes. */
    static final long INTERVAL_BYTES = 64 << 20;

    private final SegmentedLog log;
    private final LogEnvironment environment;
    private final Path folder;

    /** Under the log's monitor: segments that are full, and not all of them on the device. */
    private final List<Segment> unfinished;

    private volatile long syncedOffset;

    /** What the state file says. */
    private LogState state;

    /** What the state file will say, as soon as the indexes are on the device too. */
    private @Nullable LogState planned;

    LogCheckpoints(SegmentedLog log, LogState state, List<Segment> unfinished) {
        this.log = log;
        this.environment = log.environment();
        this.folder = log.folder();
        this.state = state;
        this.unfinished = new ArrayList<>(unfinished);
        this.syncedOffset = log.endOffset();
    }

    /** The end of what is on the device; may be asked at any time. */
    long syncedOffset() {
        return syncedOffset;
    }

    LogState state() {
        return state;
    }

    /** Writes the state file. What was planned before still holds. */
    void write(LogState changed) throws IOException {
        changed.write(environment.files(), folder);
        state = changed;
    }

    /** Writes the state file after a change of what lies before the end. What was planned before holds no more. */
    void rewrite(LogState changed) throws IOException {
        planned = null;
        write(changed);
    }

    /** A segment is full. Under the monitor, and not more. */
    void addUnfinished(Segment full) {
        unfinished.add(full);
    }

    /** Segments are there no more. Under the monitor. */
    void forget(Collection<Segment> gone) {
        unfinished.removeAll(gone);
    }

    /**
     * Brings all batches to the device.
     *
     * @param planAnyway whether the state file is to be written afterwards though it is not due
     */
    void force(boolean planAnyway) throws IOException {
        List<Segment> full;
        Segment active;
        long appended;
        synchronized (log) {
            full = List.copyOf(unfinished);
            active = log.segments().last();
            appended = log.endOffset();
            if (planAnyway || !full.isEmpty() || isDue(active)) {
                active.completeTimeIndex();
                planned = describe();
            }
        }
        long began = environment.clock().nanos();
        for (Segment segment : full) {
            segment.force();
        }
        active.force();
        environment.syncTimings().record(environment.clock().nanos() - began);
        syncedOffset = appended;
    }

    /** What the state file would say if everything were on the device. Under the monitor too. */
    private LogState describe() {
        return new LogState(
                state.leaderEpoch(),
                log.startOffset(),
                log.endOffset(),
                log.segments().toLines());
    }

    private boolean isDue(Segment active) {
        long known =
                state.last().baseOffset() == active.baseOffset() ? state.last().sizeInBytes() : 0;
        return active.sizeInBytes() - known >= INTERVAL_BYTES;
    }

    /** Brings everything to the device, with a state file that says so, unless it is all there. */
    void complete() throws IOException {
        boolean isThere;
        synchronized (log) {
            isThere = unfinished.isEmpty() && describe().equals(state);
        }
        if (!isThere) {
            completeAnyway();
        }
    }

    void completeAnyway() throws IOException {
        force(true);
        carryOutPlan();
    }

    /** Writes the state file as the last {@link #force} planned it, if it did. */
    void carryOutPlan() throws IOException {
        LogState plan = planned;
        if (plan == null) {
            return;
        }
        List<Segment> covered = new ArrayList<>();
        synchronized (log) {
            unfinished.stream()
                    .filter(segment -> segment.baseOffset() < plan.last().baseOffset())
                    .forEach(covered::add);
        }
        for (Segment segment : covered) {
            segment.forceIndexes();
        }
        for (Segment segment : log.segments().all()) {
            if (segment.baseOffset() == plan.last().baseOffset()) {
                segment.forceIndexes();
            }
        }
        rewrite(new LogState(state.leaderEpoch(), plan.startOffset(), plan.endOffset(), plan.segments()));
        synchronized (log) {
            unfinished.removeAll(covered);
            covered.forEach(Segment::stopWriting);
        }
    }
}
