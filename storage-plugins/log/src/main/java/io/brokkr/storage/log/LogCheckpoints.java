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

    /** The segment that is written, and up to where it is on the device: in its file or in the journal. */
    private Segment tailSegment;

    private long tailPosition;

    /** Whether some of it is in the journal alone. */
    private boolean isInJournal;

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
        this.tailSegment = log.segments().last();
        this.tailPosition = tailSegment.sizeInBytes();
    }

    /** The end of what is on the device; may be asked at any time. */
    long syncedOffset() {
        return syncedOffset;
    }

    LogState state() {
        return state;
    }

    /** Writes the state file. What was planned before still holds. Nothing that the journal has of the log counts afterwards. */
    void write(LogState changed) throws IOException {
        leaveJournal();
        for (Segment segment : log.segments().all()) {
            segment.makeNameDurable();
        }
        LogState numbered = changed.withJournalNumber(environment.journal().nextNumber());
        numbered.write(environment.files(), folder);
        state = numbered;
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
        synchronized (log) {
            Segment active = log.segments().last();
            if (planAnyway || !unfinished.isEmpty() || isDue(active)) {
                active.completeTimeIndex();
                planned = describe();
            }
        }
        forceBatches();
    }

    private void forceBatches() throws IOException {
        List<Segment> full;
        Segment active;
        long appended;
        long position;
        synchronized (log) {
            full = List.copyOf(unfinished);
            active = log.segments().last();
            appended = log.endOffset();
            position = active.sizeInBytes();
        }
        // The device would take the bytes of a file that is gone, too.
        active.requireThere();
        long began = environment.clock().nanos();
        for (Segment segment : full) {
            segment.force();
        }
        active.force();
        environment.syncTimings().record(environment.clock().nanos() - began);
        noteSynced(active, position, appended);
        isInJournal = false;
        environment.journal().release(LogKey.of(log.id()));
    }

    /**
     * Brings into the log's own files what is durable in the journal alone: before the state file is written, and before segments are dropped, which nobody forces
     * afterwards. Whatever the reason, the log has failed if they cannot be synced.
     */
    void leaveJournal() {
        try {
            if (isInJournal) {
                forceBatches();
            }
        } catch (IOException cause) {
            throw log.condition().fail("could not be synced", cause);
        }
    }

    private void noteSynced(Segment active, long position, long appended) {
        tailSegment = active;
        tailPosition = position;
        syncedOffset = appended;
    }

    /**
     * What was appended and is not on the device.
     *
     * @param from the position in the segment's file
     * @param appended the offset at which it ends
     */
    record Tail(Segment segment, long from, int sizeInBytes, long appended) {}

    /** What the journal can take; null if the log's own files have to be forced. */
    @Nullable
    Tail tail(int mostBytes) {
        Segment active;
        long size;
        long appended;
        synchronized (log) {
            active = log.segments().last();
            size = active.sizeInBytes();
            appended = log.endOffset();
            if (!unfinished.isEmpty()) {
                return null;
            }
        }
        boolean isNew = active != tailSegment || !active.isNameDurable();
        if (isNew || size == tailPosition || size - tailPosition > mostBytes || !active.isThere()) {
            return null;
        }
        return new Tail(active, tailPosition, (int) (size - tailPosition), appended);
    }

    /** The journal has it, durably. */
    void noteInJournal(Tail tail) {
        noteSynced(tail.segment(), tail.from() + tail.sizeInBytes(), tail.appended());
        isInJournal = true;
    }

    boolean isInJournal() {
        return isInJournal;
    }

    /** What the state file would say if everything were on the device. Under the monitor too. */
    private LogState describe() {
        return state.with(log.startOffset(), log.endOffset(), log.segments().toLines());
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
        rewrite(state.with(plan.startOffset(), plan.endOffset(), plan.segments()));
        synchronized (log) {
            unfinished.removeAll(covered);
            covered.forEach(Segment::stopWriting);
        }
    }
}
