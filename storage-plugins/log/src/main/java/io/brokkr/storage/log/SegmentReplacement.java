package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment that is to take the place of others, in files beside theirs. What a crash leaves at each step, and what the next opening makes of it:
 *
 * <ol>
 *   <li>The files {@value Segment#CLEANED_SUFFIX} are written and brought to the device. They are removed.
 *   <li>The state file is replaced by one that describes the new segment, and says that its files are yet to be moved. This decides: they are moved.
 *   <li>The files are moved. The rest of them is.
 *   <li>The state file does not speak of that any more, and the other files of the old segments are removed. The rest of them is, since no line is theirs.
 * </ol>
 *
 * <p>Thread-safe. Its monitor is held while its files are brought to the device, and is taken before all locks of the log: only its owner waits for it, and who ends it.
 */
final class SegmentReplacement {

    private final SegmentedLog log;
    private final int openersEpoch;
    private final long baseOffset;
    private final long endOffset;
    private final Segment cleaned;
    private long nextOffset;
    private boolean ended;

    /** Whether the segments were trimmed or truncated. Changed under the log's {@code maintenance}. */
    private volatile boolean overtaken;

    /** Makes its files. */
    SegmentReplacement(SegmentedLog log, int openersEpoch, long baseOffset, long endOffset) throws IOException {
        this.log = log;
        this.openersEpoch = openersEpoch;
        this.baseOffset = baseOffset;
        this.endOffset = endOffset;
        this.nextOffset = baseOffset;
        this.cleaned = Segment.createCleaned(log.environment().files(), log.folder(), baseOffset);
    }

    /**
     * Ends one that a crash cut short behind its second step.
     *
     * @param state what the file says
     * @return what it says then
     */
    static LogState settle(FileOperations files, Path folder, LogState state) throws IOException {
        Segment.moveIntoPlace(files, folder, state.movedBaseOffset());
        AtomicFile.forceFolder(files, folder);
        LogState settled = state.settled();
        settled.write(files, folder);
        return settled;
    }

    long baseOffset() {
        return baseOffset;
    }

    long endOffset() {
        return endOffset;
    }

    /** What it would replace is not what it was. */
    void overtake() {
        overtaken = true;
    }

    /** Whether it can come to nothing but a failure. */
    boolean isInVain() {
        return overtaken || log.condition().isFenced(openersEpoch);
    }

    /** Writes a batch into the page cache. After a failure the replacement has ended. */
    synchronized void append(RecordBatch batch) throws IOException {
        requireUnderWay();
        if (batch.baseOffset() < nextOffset || batch.nextOffset() > endOffset) {
            throw new IllegalArgumentException("the log " + log.id() + " gets a batch with the offsets "
                    + batch.baseOffset() + " to " + batch.lastOffset() + " where only " + nextOffset + " to "
                    + (endOffset - 1) + " are left");
        }
        try {
            requireRoomFor(batch);
            cleaned.append(batch, log.settings().indexIntervalBytes());
        } catch (IOException | StorageException failure) {
            end();
            throw failure;
        }
        nextOffset = batch.nextOffset();
    }

    private void requireUnderWay() {
        log.condition().requireWritable();
        if (ended) {
            throw new StorageException("the replacement of the segments from " + baseOffset + " to " + endOffset
                    + " of the log " + log.id() + " has ended");
        }
    }

    /** The indexes count in 32 bits. */
    private void requireRoomFor(RecordBatch batch) {
        if (cleaned.sizeInBytes() + batch.sizeInBytes() > Integer.MAX_VALUE
                || batch.lastOffset() - baseOffset > Integer.MAX_VALUE) {
            throw new StorageException("what replaces the segments from " + baseOffset + " to " + endOffset
                    + " of the log " + log.id()
                    + " has no room in one segment, which holds 2 GiB and 2^31 offsets: replace fewer at once");
        }
    }

    synchronized void commit() throws IOException {
        requireUnderWay();
        try {
            requireNotInVain();
            cleaned.completeTimeIndex();
            cleaned.forceIndexes();
            cleaned.force();
            log.maintenance().lock();
            try {
                requireNotInVain();
                exchange();
            } finally {
                log.maintenance().unlock();
            }
        } finally {
            end();
        }
    }

    private void requireNotInVain() {
        log.condition().requireWritableBy(openersEpoch);
        if (overtaken) {
            throw new StorageException("the segments from " + baseOffset + " to " + endOffset + " of the log "
                    + log.id() + " were trimmed or truncated while they were being replaced");
        }
    }

    private void exchange() {
        boolean isNothing = cleaned.sizeInBytes() == 0 && log.segments().first().baseOffset() < baseOffset;
        try {
            for (Segment old : isNothing ? takeOut() : putInPlace()) {
                old.delete();
            }
        } catch (IOException cause) {
            throw log.condition().fail("could not get other segments", cause);
        }
    }

    /** Gives the segments whose files are of no use any more. */
    private List<Segment> takeOut() throws IOException {
        log.checkpoints().rewrite(stateWith(null));
        return log.exchange(baseOffset, endOffset, List.of(), () -> {});
    }

    /** As {@link #takeOut}; the first one's files are gone already. */
    private List<Segment> putInPlace() throws IOException {
        OpenFiles files = log.environment().files();
        Path folder = log.folder();
        log.checkpoints().rewrite(stateWith(cleaned.toLine()));
        Segment next = new Segment(files, folder, baseOffset, cleaned.sizeInBytes(), cleaned.maxTimestamp());
        List<Segment> replaced = log.exchange(
                baseOffset, endOffset, List.of(next), () -> Segment.moveIntoPlace(files, folder, baseOffset));
        AtomicFile.forceFolder(files, folder);
        log.checkpoints().write(log.checkpoints().state().settled());
        replaced.get(0).close();
        return replaced.subList(1, replaced.size());
    }

    private LogState stateWith(LogState.@Nullable SegmentLine replacement) {
        return log.checkpoints().state().replacing(baseOffset, endOffset, replacement);
    }

    /** Gives up, unless it has ended already. */
    synchronized void abandon() {
        if (!ended) {
            end();
        }
    }

    /** Removes what is left of its files. In a log that is not written any more, the next opening decides about them. */
    private void end() {
        ended = true;
        cleaned.stopWriting();
        try {
            if (log.condition().isWritable()) {
                cleaned.delete();
            }
        } catch (IOException ignored) {
            // The next opening has another chance.
        }
        log.replacements().noteEnded(this);
    }
}
