package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Reads all of a log that no broker has open, and tells what is wrong with it. Changes nothing. Used once. */
final class LogCheck {

    private static final String OLD_FORMAT_REMEDY =
            "let Apache Kafka write these records anew: copy the topic into a new one with a consumer and a producer, or MirrorMaker, delete the old one, and adopt the folder then";

    private static final String STATE_REMEDY =
            "restore it from a copy; else brokkr log repair writes it anew from the segments, and records that DeleteRecords removed may be there again";

    private final Path folder;
    private final boolean isOurs;
    private final Consumer<Fault> faults;
    private final LongConsumer progress;
    private final List<CheckedSegment> segments = new ArrayList<>();
    private long faultCount;
    private int highestLeaderEpoch;

    /**
     * One segment as it was found.
     *
     * @param endOffset behind its last batch
     * @param soundEnd the position where the batches end that follow each other from the beginning of the file
     * @param endOfSynced the offset where what the state file vouches for ends, -1 if no batch ends there
     * @param damage what is no batch
     */
    record CheckedSegment(
            long baseOffset,
            long endOffset,
            long sizeInBytes,
            long soundEnd,
            long maxTimestamp,
            long batches,
            long endOfSynced,
            List<SegmentScan.Damage> damage,
            boolean indexesAreSound) {

        LogState.SegmentLine toLine() {
            return new LogState.SegmentLine(baseOffset, sizeInBytes, maxTimestamp);
        }
    }

    /**
     * Of a log's folder.
     *
     * @param isOurs whether a log with records must have a state file; Apache Kafka's has none
     * @param progress is told of bytes that were read
     */
    LogCheck(Path folder, boolean isOurs, Consumer<Fault> faults, LongConsumer progress) {
        this.folder = folder;
        this.isOurs = isOurs;
        this.faults = faults;
        this.progress = progress;
    }

    /**
     * Does it.
     *
     * @return the segments in their order
     */
    List<CheckedSegment> run() throws IOException {
        NavigableSet<Long> found = LogLoader.baseOffsetsIn(folder);
        LogState state = checkState(found);
        if (state != null && state.movedBaseOffset() != LogState.NOTHING_MOVED) {
            report(
                    folder.resolve(LogState.NAME),
                    null,
                    "segments were being replaced when the broker was killed",
                    "let brokkr log repair end that; the broker does, too, when somebody reads the topic");
            return segments;
        }
        if (state != null) {
            removeLeftovers(found, state);
        }
        for (long baseOffset : found) {
            checkSegment(baseOffset, state);
        }
        if (state != null) {
            checkAgainst(state);
        }
        checkTopicId(found);
        return segments;
    }

    /** What a trim or a replacement has left when it was cut short is removed by the next opening, and belongs to the log no more. */
    private static void removeLeftovers(NavigableSet<Long> found, LogState state) {
        NavigableSet<Long> gone = new TreeSet<>(found.headSet(state.last().baseOffset(), false));
        state.segments().forEach(line -> gone.remove(line.baseOffset()));
        found.removeAll(gone);
    }

    /** How many faults there were. */
    long faultCount() {
        return faultCount;
    }

    /** The highest leader epoch in a batch, 0 if there is none. */
    int highestLeaderEpoch() {
        return highestLeaderEpoch;
    }

    private void report(Path file, Fault.@Nullable Extent extent, String reason, String remedy) {
        report(new Fault(file, extent, reason, remedy));
    }

    private void report(Fault fault) {
        faultCount++;
        faults.accept(fault);
    }

    private @Nullable LogState checkState(NavigableSet<Long> found) throws IOException {
        Path file = folder.resolve(LogState.NAME);
        try {
            Optional<LogState> state = LogState.read(folder);
            if (isOurs && state.isEmpty() && LogFolders.sizeInBytes(folder) > 0) {
                report(file, null, "the file is not there, and the log has records", STATE_REMEDY);
            }
            state.ifPresent(present -> present.segments().stream()
                    .filter(line -> !found.contains(line.baseOffset()))
                    .forEach(line -> report(
                            logFile(line.baseOffset()),
                            null,
                            "the file is not there, and " + LogState.NAME + " names it",
                            "restore the folder from a copy; brokkr log repair goes on without the segment")));
            return state.orElse(null);
        } catch (StorageException unreadable) {
            report(file, null, String.valueOf(unreadable.getMessage()), STATE_REMEDY);
            return null;
        }
    }

    private void checkSegment(long baseOffset, @Nullable LogState state) throws IOException {
        Path file = logFile(baseOffset);
        CheckedSegment before = segments.isEmpty() ? null : segments.get(segments.size() - 1);
        if (before != null && baseOffset < before.endOffset()) {
            report(
                    file,
                    null,
                    "the segment begins at " + baseOffset + ", and the one before it ends at " + before.endOffset(),
                    "find out which of the two files is foreign, and move it away");
        }
        ByteBuffer bytes = SegmentScan.map(file);
        Walk walk = new Walk(file, baseOffset, vouchedFor(baseOffset, state));
        long end = new SegmentScan(bytes, baseOffset, walk).run();
        segments.add(walk.finish(bytes.limit(), end));
        progress.accept(bytes.limit());
    }

    /** Up to which position the state file says that everything is whole. */
    private static long vouchedFor(long baseOffset, @Nullable LogState state) {
        return state == null
                ? 0
                : state.segments().stream()
                        .filter(line -> line.baseOffset() == baseOffset)
                        .mapToLong(LogState.SegmentLine::sizeInBytes)
                        .findFirst()
                        .orElse(0);
    }

    private Path logFile(long baseOffset) {
        return folder.resolve(Segment.nameOf(baseOffset) + Segment.LOG_SUFFIX);
    }

    private void checkAgainst(LogState state) {
        Path file = folder.resolve(LogState.NAME);
        for (CheckedSegment segment : segments) {
            for (LogState.SegmentLine line : state.segments()) {
                if (line.baseOffset() == segment.baseOffset()) {
                    checkLine(file, line, segment, line.equals(state.last()) ? state : null);
                }
            }
        }
        long end = segments.isEmpty() ? 0 : segments.get(segments.size() - 1).endOffset();
        if (state.startOffset() < 0 || state.startOffset() > Math.max(end, state.endOffset())) {
            report(
                    file,
                    null,
                    "the log would start at " + state.startOffset() + ", behind its end at " + end,
                    "let brokkr log repair write it anew from the segments");
        }
    }

    private void checkLine(Path file, LogState.SegmentLine line, CheckedSegment segment, @Nullable LogState ofTheLast) {
        String wrong = null;
        boolean isLast = ofTheLast != null;
        if (line.sizeInBytes() > segment.sizeInBytes()) {
            wrong = "it has " + segment.sizeInBytes() + " bytes, and " + line.sizeInBytes() + " were synced";
        } else if (!isLast && line.sizeInBytes() < segment.sizeInBytes()) {
            wrong = "it has " + segment.sizeInBytes() + " bytes, and ended at " + line.sizeInBytes()
                    + " when it was finished";
        } else if (!isLast && line.maxTimestamp() < segment.maxTimestamp()) {
            wrong = "its largest timestamp is " + segment.maxTimestamp() + ", and not " + line.maxTimestamp();
        } else if (segment.damage().isEmpty() && line.sizeInBytes() > 0 && segment.endOfSynced() < 0) {
            wrong = "no batch ends at " + line.sizeInBytes() + ", up to where it was synced";
        } else if (ofTheLast != null && segment.endOfSynced() > ofTheLast.endOffset()) {
            wrong = "what was synced of it ends at offset " + segment.endOfSynced() + ", and the log ended at "
                    + ofTheLast.endOffset();
        }
        if (wrong != null) {
            report(
                    file,
                    null,
                    "of the segment " + line.baseOffset() + ": " + wrong,
                    "let brokkr log repair write it anew from the segments, if no copy has what is missing");
        }
    }

    private void checkTopicId(NavigableSet<Long> found) throws IOException {
        Path file = folder.resolve(TopicIdFile.NAME);
        try {
            if (TopicIdFile.read(folder).isEmpty() && !found.isEmpty()) {
                report(
                        file,
                        null,
                        "there is no topic id in it, or the file is not there",
                        "write the file anew with the topic's id, which kafka-topics --describe tells");
            }
        } catch (StorageException unreadable) {
            report(
                    file,
                    null,
                    String.valueOf(unreadable.getMessage()),
                    "write the file anew with the topic's id, which kafka-topics --describe tells");
        }
    }

    /** Through one segment. */
    private final class Walk implements SegmentScan.Visitor {

        private final Path file;
        private final long baseOffset;
        private final long vouchedFor;
        private final IndexCheck offsets;
        private final IndexCheck times;
        private final List<SegmentScan.Damage> damage = new ArrayList<>();
        private SegmentScan.@Nullable Damage open;
        private long openFrom;
        private long soundEnd;
        private long endOfSynced = -1;
        private long maxTimestamp = RecordBatch.NO_TIMESTAMP;
        private long batches;

        Walk(Path file, long baseOffset, long vouchedFor) throws IOException {
            this.file = file;
            this.baseOffset = baseOffset;
            this.vouchedFor = vouchedFor;
            offsets = IndexCheck.of(index(IndexFile.Layout.OFFSETS), IndexFile.Layout.OFFSETS, baseOffset);
            times = IndexCheck.of(index(IndexFile.Layout.TIMES), IndexFile.Layout.TIMES, baseOffset);
        }

        private Path index(IndexFile.Layout layout) {
            return folder.resolve(Segment.nameOf(baseOffset) + layout.suffix());
        }

        @Override
        public void batch(int position, RecordBatch batch) {
            tellOpen(false, batch.baseOffset() - 1);
            if (position + batch.sizeInBytes() == vouchedFor) {
                endOfSynced = batch.nextOffset();
            }
            offsets.batch(position, batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp());
            times.batch(position, batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp());
            if (damage.isEmpty()) {
                soundEnd = (long) position + batch.sizeInBytes();
            }
            maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
            batches++;
            highestLeaderEpoch = Math.max(highestLeaderEpoch, batch.partitionLeaderEpoch());
        }

        @Override
        public void damage(SegmentScan.Damage found, long from) {
            tellOpen(false, from - 1);
            damage.add(found);
            open = found;
            openFrom = from;
        }

        /** Tells the last damage, of which only what comes behind it says which offsets it took. */
        private void tellOpen(boolean atTheEnd, long toOffset) {
            SegmentScan.Damage told = open;
            if (told != null) {
                boolean isTail = atTheEnd && told.position() >= vouchedFor;
                report(
                        file,
                        new Fault.Extent(told.position(), told.end(), openFrom, atTheEnd ? Fault.UNKNOWN : toOffset),
                        told.reason(),
                        remedy(told, isTail));
                open = null;
            }
        }

        private static String remedy(SegmentScan.Damage damage, boolean isTail) {
            if (damage.isOldFormat()) {
                return OLD_FORMAT_REMEDY;
            }
            return isTail
                    ? "this looks like the torn end that a crash leaves; the broker cuts it off when it opens the log, as brokkr log repair does"
                    : "restore the folder from a copy; else brokkr log repair moves these bytes into a file of their own and leaves a gap";
        }

        CheckedSegment finish(long sizeInBytes, long endOffset) {
            tellOpen(true, -1);
            boolean sound = tell(offsets, IndexFile.Layout.OFFSETS);
            sound &= tell(times, IndexFile.Layout.TIMES);
            return new CheckedSegment(
                    baseOffset, endOffset, sizeInBytes, soundEnd, maxTimestamp, batches, endOfSynced, damage, sound);
        }

        /** Entries that point at damaged batches are no fault of their own: the index is made anew with the repair. */
        private boolean tell(IndexCheck index, IndexFile.Layout layout) {
            index.end();
            Fault fault = index.fault(index(layout));
            if (fault != null && damage.isEmpty()) {
                report(fault);
            }
            return fault == null;
        }
    }
}
