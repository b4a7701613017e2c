package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * A log that is open, whoever has opened it: its segments, and all that changes them.
 *
 * <p>Four locks, always taken in this order:
 *
 * <ol>
 *   <li>{@link #trimming}, by a trim until the files of what it has dropped are gone, and by those who end the log: behind them its folder may be that of another log, with files
 *       of the same names. Nobody else takes it, since a file system takes its time to remove large files.
 *   <li>{@link #maintenance}, by those who wait for the device: sync, trim, truncate, the end of a replacement, close. A {@link SharedRound} has those of many logs, and
 *       does not wait for any.
 *   <li>{@link #structure}, for reading by readers while they look for a place in a file, for writing by those who take files away.
 *   <li>the monitor of this object, by appends and by whoever looks at what they change. Nobody waits for the device with it, but a truncation.
 * </ol>
 */
final class SegmentedLog {

    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private final LogId id;
    private final Path folder;
    private final LogEnvironment environment;
    private final LogCondition condition;
    private final GroupCommit groupCommit;
    private final ConfiguredFlush flush;
    private final ReentrantLock trimming = new ReentrantLock();
    private final ReentrantLock maintenance = new ReentrantLock();
    private final StampedLock structure = new StampedLock();

    private volatile Segments segments;
    private volatile long startOffset;
    private volatile long endOffset;
    private volatile @Nullable RecentBatches recent;
    private volatile LogSettings settings;

    private final LogCheckpoints checkpoints;

    /** Where the log ended at the last {@link #look}, and how many looks ago it ended there first. */
    private volatile long endAtLastLook = -1;

    private int stillLooks;

    private final LogReplacements replacements = new LogReplacements(this);

    /**
     * A log as it was found, or made.
     *
     * @param segments in ascending order, never empty; the last one is written
     * @param finished how many of them are on the device
     * @param endOffset the end of the last one
     */
    SegmentedLog(
            LogId id,
            Path folder,
            LogEnvironment environment,
            LogSettings settings,
            LogState state,
            Segments segments,
            int finished,
            long endOffset) {
        this.id = id;
        this.folder = folder;
        this.environment = environment;
        this.settings = settings;
        this.segments = segments;
        this.startOffset = state.startOffset();
        this.endOffset = endOffset;
        this.condition = new LogCondition(id, folder, state.leaderEpoch());
        this.groupCommit = new GroupCommit(environment.syncs(), this);
        this.checkpoints = new LogCheckpoints(this, state, segments.all().subList(finished, segments.count() - 1));
        this.flush = new ConfiguredFlush(environment.scheduler(), groupCommit, condition, endOffset);
    }

    LogId id() {
        return id;
    }

    Path folder() {
        return folder;
    }

    LogEnvironment environment() {
        return environment;
    }

    LogSettings settings() {
        return settings;
    }

    ReentrantLock maintenance() {
        return maintenance;
    }

    LogCheckpoints checkpoints() {
        return checkpoints;
    }

    LogReplacements replacements() {
        return replacements;
    }

    StampedLock structure() {
        return structure;
    }

    LogCondition condition() {
        return condition;
    }

    /** Replaced when there is a change, under the monitor. */
    Segments segments() {
        return segments;
    }

    /** Null before the first append to the last segment. */
    @Nullable
    RecentBatches recent() {
        return recent;
    }

    long startOffset() {
        return startOffset;
    }

    long endOffset() {
        return endOffset;
    }

    long sizeInBytes() {
        return segments.sizeInBytes();
    }

    void reconfigure(LogSettings changed) {
        settings = changed;
    }

    synchronized List<LogSegment> describeSegments() {
        return segments.describe(endOffset);
    }

    /** Shuts out those who opened under a lower epoch, also after a crash. */
    void fence(int openersEpoch) throws IOException {
        maintenance.lock();
        try {
            condition.requireWritableBy(openersEpoch);
            if (openersEpoch > checkpoints.state().leaderEpoch()) {
                checkpoints.write(checkpoints.state().withLeaderEpoch(openersEpoch));
                synchronized (this) {
                    condition.fenceBelow(openersEpoch);
                }
            }
        } finally {
            maintenance.unlock();
        }
    }

    synchronized void append(int openersEpoch, RecordBatch batch) {
        condition.requireWritableBy(openersEpoch);
        if (batch.baseOffset() < endOffset) {
            throw new IllegalArgumentException("the log " + id + " ends at " + endOffset + ", a batch at "
                    + batch.baseOffset() + " comes too late");
        }
        try {
            Segment segment = segments.last();
            if (segment.isFullFor(batch, settings, environment.clock())) {
                segment = roll(Segment.baseOffsetFor(batch, endOffset));
            }
            long position = segment.sizeInBytes();
            segment.append(batch, settings.indexIntervalBytes());
            segment.checked()
                    .add(position, segment.sizeInBytes(), environment.clock().nanos());
            remember(segment, batch, position);
            endOffset = batch.nextOffset();
        } catch (IOException cause) {
            throw condition.fail("could not be written", cause);
        }
        flush.appended(endOffset, settings);
    }

    private void remember(Segment segment, RecordBatch batch, long position) {
        RecentBatches batches = recent;
        if (batches == null) {
            batches = new RecentBatches(segment);
            recent = batches;
        }
        batches.add(batch, position);
    }

    /** Ends the last segment, unless it is empty. */
    synchronized void finishSegment(int openersEpoch) {
        condition.requireWritableBy(openersEpoch);
        if (segments.last().sizeInBytes() > 0) {
            try {
                roll(endOffset);
            } catch (IOException cause) {
                throw condition.fail("could not begin a new segment", cause);
            }
        }
    }

    /** Begins a new segment; the old one is brought to the device in the background. Under the monitor. */
    private Segment roll(long baseOffset) throws IOException {
        Segment full = segments.last();
        full.completeTimeIndex();
        Segment next = Segment.create(
                environment.files(), folder, baseOffset, environment.clock().millis());
        checkpoints.addUnfinished(full);
        segments = segments.upTo(segments.count(), next);
        recent = null;
        groupCommit.request();
        environment
                .events()
                .raise(
                        "segment.rolled",
                        id.topic(),
                        Map.of(
                                "partition", Integer.toString(id.partition()),
                                "baseOffset", Long.toString(baseOffset)));
        return next;
    }

    CompletionStage<Void> sync() {
        condition.requireWritable();
        long appended = endOffset;
        return checkpoints.syncedOffset() >= appended ? DONE : groupCommit.request();
    }

    /** Makes durable what was appended before, or throws what those who wait for it are to be told. */
    void force() {
        maintenance.lock();
        try {
            if (isClosedWithoutLoss()) {
                return;
            }
            condition.requireWritable();
            try {
                checkpoints.force(false);
            } catch (IOException cause) {
                throw condition.fail("could not be synced", cause);
            }
        } finally {
            maintenance.unlock();
        }
    }

    /** Who asked for a sync just before the close has got it from the close. */
    private boolean isClosedWithoutLoss() {
        return condition.hasEndedWithoutFailure() && checkpoints.syncedOffset() >= endOffset;
    }

    /** Writes the state file if it is due, when those who waited for the batches have been answered. */
    void afterwards() {
        maintenance.lock();
        try {
            if (condition.isWritable()) {
                try {
                    checkpoints.carryOutPlan();
                } catch (IOException cause) {
                    condition.fail("could not be synced", cause);
                }
            }
        } finally {
            maintenance.unlock();
        }
    }

    /** Brings into its own files what is durable in the journal alone, so that the journal can do without it. */
    void leaveJournal() {
        maintenance.lock();
        try {
            if (condition.isWritable() && checkpoints.isInJournal()) {
                checkpoints.force(false);
            }
        } catch (IOException cause) {
            condition.fail("could not be synced", cause);
        } finally {
            maintenance.unlock();
        }
        afterwards();
    }

    /** Brings everything to the device, with a state file that says so, unless it is all there. */
    void checkpoint() {
        maintenance.lock();
        try {
            try {
                checkpoints.complete();
            } catch (IOException cause) {
                throw condition.fail("could not be synced", cause);
            }
        } finally {
            maintenance.unlock();
        }
    }

    /**
     * Looks whether something was appended since the last look. For one thread at a time.
     *
     * @return at how many looks in a row nothing was; 0 if something was
     */
    int look() {
        long end = endOffset;
        stillLooks = end == endAtLastLook ? stillLooks + 1 : 0;
        endAtLastLook = end;
        return stillLooks;
    }

    /** Lets go of the file that is written, until the next append, unless there was one since the last {@link #look}. */
    synchronized void letGoOfFile() {
        if (endOffset == endAtLastLook) {
            segments.last().stopWriting();
        }
    }

    /** Brings everything to the device, so that the log is closed without another access to it, and need not be looked through after a crash. */
    void rest() {
        maintenance.lock();
        try {
            if (condition.isWritable()) {
                try {
                    checkpoint();
                } catch (StorageException failed) {
                    // It cannot be written any more, which whoever appends next is told.
                }
            }
        } finally {
            maintenance.unlock();
        }
        closeUnusedFile();
    }

    /** Thousands of logs may be brought to rest one after the other, and none of them is to leave its file open for that. */
    private synchronized void closeUnusedFile() {
        if (endOffset == endAtLastLook) {
            segments.last().closeUnusedFile();
        }
    }

    void trim(int openersEpoch, long newStart) {
        trimming.lock();
        try {
            for (Segment segment : drop(openersEpoch, newStart)) {
                segment.delete();
            }
        } catch (IOException cause) {
            throw condition.fail("could not be trimmed", cause);
        } finally {
            trimming.unlock();
        }
    }

    /**
     * Trims the log, durably, but for the files.
     *
     * @return the segments whose files are of no use any more. No other segment will have their names, since the log does not go back behind its start; what a crash or a failure
     *     leaves of them, the next opening removes
     */
    private List<Segment> drop(int openersEpoch, long newStart) throws IOException {
        maintenance.lock();
        try {
            condition.requireWritableBy(openersEpoch);
            if (newStart <= startOffset) {
                return List.of();
            }
            checkpoints.leaveJournal();
            List<Segment> dropped = dropBefore(openersEpoch, newStart);
            replacements.noteTrimmed(newStart);
            checkpoints.rewrite(
                    checkpoints.state().trimmedTo(newStart, segments.first().baseOffset()));
            return dropped;
        } finally {
            maintenance.unlock();
        }
    }

    private List<Segment> dropBefore(int openersEpoch, long newStart) throws IOException {
        long stamp = structure.writeLock();
        try {
            synchronized (this) {
                condition.requireWritableBy(openersEpoch);
                if (newStart > endOffset) {
                    throw new IllegalArgumentException(
                            "the log " + id + " ends at " + endOffset + " and cannot start at " + newStart);
                }
                if (newStart == endOffset && segments.last().sizeInBytes() > 0) {
                    roll(newStart);
                }
                int first = segments.floorIndex(newStart);
                List<Segment> dropped = segments.before(first);
                segments = segments.from(first);
                checkpoints.forget(dropped);
                startOffset = newStart;
                return dropped;
            }
        } finally {
            structure.unlockWrite(stamp);
        }
    }

    void truncate(int openersEpoch, long newEnd) {
        maintenance.lock();
        try {
            long stamp = structure.writeLock();
            try {
                synchronized (this) {
                    condition.requireWritableBy(openersEpoch);
                    if (newEnd < startOffset) {
                        throw new IllegalArgumentException(
                                "the log " + id + " starts at " + startOffset + " and cannot end at " + newEnd);
                    }
                    if (newEnd < endOffset) {
                        cutAt(newEnd);
                    }
                }
            } catch (IOException cause) {
                throw condition.fail("could not be truncated", cause);
            } finally {
                structure.unlockWrite(stamp);
            }
        } finally {
            maintenance.unlock();
        }
    }

    /** First the state stops vouching for the tail, then the tail goes, from its end: a crash in between leaves a log that is whole. */
    private void cutAt(long newEnd) throws IOException {
        int index = segments.floorIndex(newEnd);
        Segment last = segments.get(index);
        long position = LogReader.positionOf(last, newEnd, last.sizeInBytes());
        replacements.noteTruncated(newEnd);
        checkpoints.rewrite(checkpoints.state().untrusting(last.baseOffset(), position, newEnd));
        for (int i = segments.count() - 1; i > index; i--) {
            segments.get(i).delete();
        }
        last.cutFile(position);
        last.close();
        Segment shorter = new SegmentLoader(environment, folder, settings)
                .load(last.baseOffset(), position, newEnd)
                .segment();
        checkpoints.forget(segments.from(index).all());
        segments = segments.upTo(index, shorter);
        recent = null;
        endOffset = newEnd;
        flush.truncated(newEnd);
        AtomicFile.forceFolder(environment.files(), folder);
        checkpoints.completeAnyway();
    }

    /** Work on files that nobody reads meanwhile. */
    @FunctionalInterface
    interface Switch {
        void make() throws IOException;
    }

    /**
     * Changes files of neighbouring segments, and puts others in their place at the same moment. Under {@code maintenance}.
     *
     * @return the segments that there were
     */
    List<Segment> exchange(long baseOffset, long behindOffset, List<Segment> others, Switch files) throws IOException {
        long stamp = structure.writeLock();
        try {
            files.make();
            synchronized (this) {
                int from = segments.floorIndex(baseOffset);
                int before = segments.floorIndex(behindOffset);
                List<Segment> replaced = segments.all().subList(from, before);
                segments = segments.replacing(from, before, others);
                return replaced;
            }
        } catch (IOException failure) {
            condition.end("has to be opened anew, since a file could not be renamed: " + failure);
            throw failure;
        } finally {
            structure.unlockWrite(stamp);
        }
    }

    /** Ends the log's use with everything on the device, and lets go of its files. */
    void close() {
        replacements.abandon();
        trimming.lock();
        maintenance.lock();
        try {
            try {
                if (condition.isWritable()) {
                    checkpoint();
                }
            } finally {
                end("was closed");
            }
        } finally {
            maintenance.unlock();
            trimming.unlock();
        }
    }

    /** Ends the log's use without another access to the device. */
    void abandon(String why) {
        replacements.abandon();
        trimming.lock();
        maintenance.lock();
        try {
            end(why);
        } finally {
            maintenance.unlock();
            trimming.unlock();
        }
    }

    private synchronized void end(String why) {
        condition.end(why);
        segments.all().forEach(Segment::close);
    }
}
