package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.LogId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Opens the log in a folder, and sets right what a crash left there. What the state file vouches for is not looked at. Used once. */
final class LogLoader {

    private final LogId id;
    private final Path folder;
    private final LogEnvironment environment;
    private final LogSettings settings;
    private final List<Segment> segments = new ArrayList<>();
    private long endOffset;
    private boolean changed;

    LogLoader(LogId id, Path folder, LogEnvironment environment, LogSettings settings) {
        this.id = id;
        this.folder = folder;
        this.environment = environment;
        this.settings = settings;
    }

    SegmentedLog load() throws IOException {
        try {
            return loadAll();
        } catch (IOException | RuntimeException failure) {
            segments.forEach(Segment::close);
            throw failure;
        }
    }

    private SegmentedLog loadAll() throws IOException {
        Optional<LogState> written = settle(LogState.read(folder));
        if (written.isEmpty()) {
            requireNew();
        }
        removeUndecided();
        if (written.isPresent()) {
            environment.journal().replay(LogKey.of(id), folder, written.get());
        }
        NavigableSet<Long> found = baseOffsetsIn(folder);
        LogState state = written.orElseGet(() -> LogState.unknown(found.isEmpty() ? 0 : found.first()));
        endOffset = state.endOffset();
        if (written.isPresent()) {
            requireAllOf(state, found);
        }
        if (!found.isEmpty()) {
            takeTrusted(state, found);
            loadTail(state, found);
        }
        if (segments.isEmpty() || endOffset < state.startOffset()) {
            state = beginAnew(state);
        }
        int finished = Math.min(state.segments().size(), segments.size()) - 1;
        SegmentedLog log =
                new SegmentedLog(id, folder, environment, settings, state, new Segments(segments), finished, endOffset);
        if (changed) {
            // Also what the state file says nothing of: a tail that was cut off must not come back at the next crash.
            log.checkpoints().completeAnyway();
        }
        environment.journal().release(LogKey.of(id));
        return log;
    }

    /** Ends a replacement of segments that a crash cut short, if it was decided. */
    private Optional<LogState> settle(Optional<LogState> written) throws IOException {
        if (written.isEmpty() || written.get().movedBaseOffset() == LogState.NOTHING_MOVED) {
            return written;
        }
        return Optional.of(SegmentReplacement.settle(environment.files(), folder, written.get()));
    }

    /** The state is durable before anybody can append: a log that has records has lost it, and with it what tells which of them count. */
    private void requireNew() throws IOException {
        if (LogFolders.sizeInBytes(folder) > 0
                || (environment.journal().hasLeft(LogKey.of(id))
                        && !baseOffsetsIn(folder).isEmpty())) {
            throw LogState.missing(folder);
        }
    }

    private void removeUndecided() throws IOException {
        // Likewise of indexes that were being made anew, and of what was to be the rest of a segment.
        String temporary = AtomicFile.TEMPORARY_SUFFIX;
        String names =
                "*{" + Segment.CLEANED_SUFFIX + ",index" + temporary + "," + Segment.LOG_SUFFIX + temporary + "}";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, names)) {
            for (Path file : files) {
                environment.files().delete(file);
            }
        }
    }

    /** Of all segments that there are files of. */
    static NavigableSet<Long> baseOffsetsIn(Path folder) throws IOException {
        NavigableSet<Long> baseOffsets = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + Segment.LOG_SUFFIX)) {
            for (Path file : files) {
                Segment.baseOffsetIn(file.getFileName().toString()).ifPresent(baseOffsets::add);
            }
        }
        return baseOffsets;
    }

    private void requireAllOf(LogState state, Set<Long> found) {
        for (LogState.SegmentLine line : state.segments()) {
            if (!found.contains(line.baseOffset())) {
                throw new CorruptLogException("the folder " + folder + " lacks the file "
                        + Segment.nameOf(line.baseOffset()) + Segment.LOG_SUFFIX
                        + ": restore the folder from a copy, or move it away to begin with an empty log");
            }
        }
    }

    /** Takes the segments that the state file vouches for as they stand there, but for the last one. */
    private void takeTrusted(LogState state, NavigableSet<Long> found) throws IOException {
        for (LogState.SegmentLine line :
                state.segments().subList(0, state.segments().size() - 1)) {
            segments.add(new Segment(
                    environment.files(), folder, line.baseOffset(), line.sizeInBytes(), line.maxTimestamp()));
        }
        // A trim or a replacement that a crash cut short: for readers this is gone already.
        NavigableSet<Long> gone = new TreeSet<>(found.headSet(state.last().baseOffset(), false));
        state.segments().forEach(line -> gone.remove(line.baseOffset()));
        delete(gone);
    }

    /** Reads what nobody vouches for. From the first batch that is not whole on, everything goes. */
    private void loadTail(LogState state, NavigableSet<Long> found) throws IOException {
        SegmentLoader loader = new SegmentLoader(environment, folder, settings);
        LogState.SegmentLine trusted = state.last();
        for (long baseOffset : found.tailSet(trusted.baseOffset(), true)) {
            boolean isTrusted = baseOffset == trusted.baseOffset();
            if (!isTrusted && !segmentAt(baseOffset).follows(endOffset)) {
                CutTail cut = lookAt(found.tailSet(baseOffset, true), 0);
                delete(found.tailSet(baseOffset, true));
                tell(cut);
                return;
            }
            SegmentLoader.Loaded loaded = isTrusted
                    ? loader.load(baseOffset, trusted.sizeInBytes(), endOffset, OptionalLong.of(trusted.maxTimestamp()))
                    : loader.load(baseOffset, 0, baseOffset);
            endOffset = loaded.endOffset();
            CutTail cut = null;
            if (loaded.tornBytes() > 0) {
                long position = loaded.segment().sizeInBytes();
                cut = lookAt(found.tailSet(baseOffset, true), position);
                // First of all, since it gives back the room on a full disk that what follows may need.
                loaded.segment().cutFile(position);
            }
            loaded.segment().writeAgain(isTrusted ? trusted.sizeInBytes() : 0);
            loaded.segment().completeTimeIndex();
            if (isTrusted && loaded.hasNewEntries()) {
                // What the state file says is on the device shall be there.
                loaded.segment().forceIndexes();
            }
            segments.add(loaded.segment());
            changed |= !isTrusted || loaded.segment().sizeInBytes() != trusted.sizeInBytes();
            if (cut != null) {
                delete(found.tailSet(baseOffset, false));
                changed = true;
                tell(cut);
                return;
            }
        }
    }

    private Segment segmentAt(long baseOffset) {
        return new Segment(environment.files(), folder, baseOffset, 0, RecordBatch.NO_TIMESTAMP);
    }

    private CutTail lookAt(NavigableSet<Long> baseOffsets, long position) throws IOException {
        List<Path> files = baseOffsets.stream()
                .map(baseOffset -> segmentAt(baseOffset).file().path())
                .toList();
        return new CutTail(id, endOffset, files, position, environment.files());
    }

    private void tell(CutTail cut) {
        // An empty segment that does not follow holds nothing to speak of.
        if (cut.sizeInBytes() > 0) {
            environment.tornBytes().add(cut.sizeInBytes());
            cut.tell();
        }
    }

    /**
     * Begins with an empty segment where nothing of the log is left, or nothing but what lies before its start: a trim outlived a crash that the
     * trimmed batches did not.
     */
    private LogState beginAnew(LogState before) throws IOException {
        long baseOffset = Math.max(before.startOffset(), endOffset);
        Segment empty = Segment.create(
                environment.files(), folder, baseOffset, environment.clock().millis());
        LogState state = before.with(baseOffset, baseOffset, List.of(LogState.SegmentLine.empty(baseOffset)))
                .withJournalNumber(environment.journal().nextNumber());
        List<Segment> trimmed = List.copyOf(segments);
        segments.add(empty);
        if (!trimmed.isEmpty()) {
            empty.makeNameDurable();
            state.write(environment.files(), folder);
            for (Segment segment : trimmed) {
                segment.delete();
            }
            segments.removeAll(trimmed);
        }
        endOffset = baseOffset;
        return state;
    }

    /** From the last one on, and durably, lest a second crash leave a hole that looks like a gap in the offsets. */
    private void delete(NavigableSet<Long> baseOffsets) throws IOException {
        for (long baseOffset : baseOffsets.descendingSet()) {
            segmentAt(baseOffset).delete();
            AtomicFile.forceFolder(environment.files(), folder);
            changed = true;
        }
    }
}
