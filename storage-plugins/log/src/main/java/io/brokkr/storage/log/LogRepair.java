package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a log whole again of its sound batches, whose bytes and offsets stay what they are. Damaged bytes are kept in files beside the segments; what is derived is made anew. Used once.
 *
 * <p>Each file is replaced as a whole, so that a repair that is cut short can be begun anew.
 */
final class LogRepair {

    private static final int INDEX_INTERVAL_BYTES = 4096;
    private static final String KEPT_SUFFIX = ".damaged-";

    private final Path folder;
    private final List<LogCheck.CheckedSegment> segments;
    private final LogState before;

    /** Of a log as it was checked. */
    LogRepair(Path folder, List<LogCheck.CheckedSegment> segments) throws IOException {
        this.folder = folder;
        this.segments = segments;
        this.before = stateBefore();
    }

    /** Whether segments were being replaced. Nothing else can be told of the log, or done, before that has ended. */
    boolean endsReplacement() {
        return before.movedBaseOffset() != LogState.NOTHING_MOVED;
    }

    /** What is to be done, in words. */
    List<String> steps() {
        List<String> steps = new ArrayList<>();
        if (endsReplacement()) {
            steps.add("move the files that replace the segment " + before.movedBaseOffset() + " of " + folder
                    + " into their place, and check the log again");
        }
        for (LogCheck.CheckedSegment segment : segments) {
            Path file = logFile(segment);
            for (SegmentScan.Damage damage : segment.damage()) {
                steps.add("move " + (damage.end() - damage.position()) + " bytes at position " + damage.position()
                        + " of " + file + " into " + keptFile(file, damage).getFileName());
            }
            if (mustIndex(segment)) {
                steps.add("make the indexes of " + file + " anew");
            }
        }
        if (!segments.isEmpty()) {
            steps.add("write " + folder.resolve(LogState.NAME) + " anew");
        }
        return steps;
    }

    private static boolean mustIndex(LogCheck.CheckedSegment segment) {
        return !segment.damage().isEmpty() || !segment.indexesAreSound();
    }

    private Path logFile(LogCheck.CheckedSegment segment) {
        return folder.resolve(Segment.nameOf(segment.baseOffset()) + Segment.LOG_SUFFIX);
    }

    /** A name that is not taken by an earlier repair. */
    private static Path keptFile(Path file, SegmentScan.Damage damage) {
        String name = file.getFileName() + KEPT_SUFFIX + damage.position();
        Path kept = file.resolveSibling(name);
        for (int i = 2; Files.exists(kept); i++) {
            kept = file.resolveSibling(name + "-" + i);
        }
        return kept;
    }

    void carryOut() throws IOException {
        if (endsReplacement()) {
            SegmentReplacement.settle(FileOperations.SYSTEM, folder, before);
            return;
        }
        List<LogState.SegmentLine> lines = new ArrayList<>();
        for (LogCheck.CheckedSegment segment : segments) {
            Path file = logFile(segment);
            if (!segment.damage().isEmpty()) {
                takeOut(file, segment.damage());
            }
            if (mustIndex(segment)) {
                index(file, segment.baseOffset());
            }
            lines.add(new LogState.SegmentLine(segment.baseOffset(), Files.size(file), segment.maxTimestamp()));
        }
        if (lines.isEmpty()) {
            return;
        }
        // Offsets that were given out once are not given out again.
        long end = Math.max(segments.get(segments.size() - 1).endOffset(), before.endOffset());
        long first = segments.get(0).baseOffset();
        long start = Math.max(first, Math.min(before.startOffset(), end));
        // What the journal has of the log is in its segments, or is not to be seen again.
        long journalNumber = new JournalScan(LogFolders.rootOf(folder), FileOperations.SYSTEM).nextNumber();
        new LogState(before.leaderEpoch(), start, end, lines)
                .withJournalNumber(Math.max(before.journalNumber(), journalNumber))
                .write(FileOperations.SYSTEM, folder);
    }

    private LogState stateBefore() throws IOException {
        LogState unknown =
                LogState.unknown(segments.isEmpty() ? 0 : segments.get(0).baseOffset());
        try {
            Optional<LogState> state = LogState.read(folder);
            return state.orElse(unknown);
        } catch (StorageException unreadable) {
            return unknown;
        }
    }

    /** The damage goes into files of its own first, and then out of the segment. */
    private static void takeOut(Path file, List<SegmentScan.Damage> damages) throws IOException {
        ByteBuffer bytes = SegmentScan.map(file);
        for (SegmentScan.Damage damage : damages) {
            AtomicFile.write(
                    FileOperations.SYSTEM,
                    keptFile(file, damage),
                    bytes.slice(damage.position(), damage.end() - damage.position()));
        }
        Path whole = file.resolveSibling(file.getFileName() + AtomicFile.TEMPORARY_SUFFIX);
        try (FileChannel channel = FileChannel.open(
                whole, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            int position = 0;
            for (SegmentScan.Damage damage : damages) {
                write(channel, bytes.slice(position, damage.position() - position));
                position = damage.end();
            }
            write(channel, bytes.slice(position, bytes.limit() - position));
            channel.force(true);
        }
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.forceFolder(FileOperations.SYSTEM, file.resolveSibling("."));
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void index(Path file, long baseOffset) throws IOException {
        Segment segment = new Segment(
                new OpenFiles(FileOperations.SYSTEM, System::nanoTime),
                folder,
                baseOffset,
                0,
                RecordBatch.NO_TIMESTAMP);
        segment.offsets().delete();
        segment.times().delete();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            BatchCursor batch = new BatchCursor(channel, 0, channel.size());
            while (batch.tryNext()) {
                segment.note(batch.lastOffset(), batch.maxTimestamp(), batch.sizeInBytes(), INDEX_INTERVAL_BYTES);
            }
        }
        segment.completeTimeIndex();
        segment.forceIndexes();
    }
}
