package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code brokkr-log-state} in a log's folder: what is true of the log whatever a crash does to the rest.
 *
 * <pre>
 *   version: 1
 *   leader_epoch: 3             the highest epoch that the log was opened under
 *   start_offset: 1200          where reading begins
 *   end_offset: 8000            the end of what the next lines describe
 *   segments: 2
 *   1000 1073741800 1700000000000     base offset, size in bytes, largest timestamp
 *   5000 204800 1700000360000         the last segment's line ends where recovery has to begin
 *   moved: 1000                 only while the segment at this offset is replaced: its line describes the files that are called
 *                               .cleaned and belong in its place
 *   journal: 4711               entries of the {@link Journal} with lower numbers are void for this log; missing if the journal was never used
 *   checksum: 1a2b3c4d          CRC-32C of all lines before
 * </pre>
 *
 * <p>All bytes that the segment lines count are on the device, with their index entries. Bytes behind the last line's are looked at when the log
 * is opened; there are none after a clean close. So an append does not have to touch this file, and it is written when a segment is
 * full, every {@value LogCheckpoints#INTERVAL_BYTES} bytes that were synced, when segments are replaced, when the log is trimmed, truncated or closed, or opened under a
 * higher epoch.
 *
 * @param endOffset the offset behind the last batch of the last line, or more where a truncation said so
 * @param segments in ascending order; never empty in a file
 * @param movedBaseOffset where the segment begins whose files are to be moved into their place; {@link #NOTHING_MOVED} if there is none
 * @param journalNumber the least number of an entry of the journal that counts for this log
 */
record LogState(
        int leaderEpoch,
        long startOffset,
        long endOffset,
        List<SegmentLine> segments,
        long movedBaseOffset,
        long journalNumber) {

    static final String NAME = "brokkr-log-state";
    private static final int VERSION = 1;
    private static final String CHECKSUM_KEY = "checksum: ";

    /** What an operator can do without the file, and at which cost. */
    private static final String REMEDY =
            ": restore it from a copy; or stop the broker and let brokkr log repair write it anew from the segments, with which"
                    + " records that DeleteRecords removed may be there again, and what the journal alone has of the log is lost";

    private static final String MOVED = "moved";
    private static final String JOURNAL = "journal";

    static final long NOTHING_MOVED = -1;

    /** Lower than any epoch. */
    static final int NO_EPOCH = Integer.MIN_VALUE;

    /**
     * One segment.
     *
     * @param maxTimestamp -1 of an empty one
     */
    record SegmentLine(long baseOffset, long sizeInBytes, long maxTimestamp) {
        static SegmentLine empty(long baseOffset) {
            return new SegmentLine(baseOffset, 0, -1);
        }
    }

    LogState {
        segments = List.copyOf(segments);
    }

    /** With all files in their places. */
    LogState(int leaderEpoch, long startOffset, long endOffset, List<SegmentLine> segments) {
        this(leaderEpoch, startOffset, endOffset, segments, NOTHING_MOVED, 0);
    }

    /** Of a log of which nothing is known but its first segment's name. */
    static LogState unknown(long baseOffset) {
        return new LogState(NO_EPOCH, baseOffset, baseOffset, List.of(SegmentLine.empty(baseOffset)));
    }

    LogState withLeaderEpoch(int epoch) {
        return new LogState(epoch, startOffset, endOffset, segments, movedBaseOffset, journalNumber);
    }

    LogState withJournalNumber(long number) {
        return new LogState(leaderEpoch, startOffset, endOffset, segments, movedBaseOffset, number);
    }

    /** Where recovery begins: the last line. */
    SegmentLine last() {
        return segments.get(segments.size() - 1);
    }

    /**
     * After a trim.
     *
     * @param newStart where reading begins
     * @param firstBase the base offset of the first segment that is left
     */
    LogState trimmedTo(long newStart, long firstBase) {
        List<SegmentLine> kept = segments.stream()
                .filter(segment -> segment.baseOffset() >= firstBase)
                .toList();
        return kept.isEmpty()
                ? with(newStart, firstBase, List.of(SegmentLine.empty(firstBase)))
                : with(newStart, endOffset, kept);
    }

    /** Before a truncation: what it removes is not vouched for any more. The segment at the base offset keeps nothing but the bytes before a position. */
    LogState untrusting(long baseOffset, long position, long newEnd) {
        List<SegmentLine> kept = new ArrayList<>();
        for (SegmentLine segment : segments) {
            if (segment.baseOffset() < baseOffset) {
                kept.add(segment);
            } else if (segment.baseOffset() == baseOffset) {
                kept.add(
                        new SegmentLine(baseOffset, Math.min(position, segment.sizeInBytes()), segment.maxTimestamp()));
            }
        }
        return with(startOffset, Math.min(endOffset, newEnd), kept);
    }

    /** With other bounds and segments, in their places. */
    LogState with(long newStart, long newEnd, List<SegmentLine> others) {
        return new LogState(leaderEpoch, newStart, newEnd, others, NOTHING_MOVED, journalNumber);
    }

    /**
     * While segments are replaced.
     *
     * @param endOffset where the last of them ends
     * @param replacement what stands at their beginning from now on; its files are yet to be moved there. Null if nothing does
     */
    LogState replacing(long baseOffset, long endOffset, @Nullable SegmentLine replacement) {
        List<SegmentLine> changed = new ArrayList<>();
        for (SegmentLine segment : segments) {
            if (segment.baseOffset() < baseOffset || segment.baseOffset() >= endOffset) {
                changed.add(segment);
            } else if (segment.baseOffset() == baseOffset && replacement != null) {
                changed.add(replacement);
            }
        }
        long moved = replacement == null ? NOTHING_MOVED : baseOffset;
        return new LogState(leaderEpoch, startOffset, this.endOffset, changed, moved, journalNumber);
    }

    /** After the files have been moved. */
    LogState settled() {
        return new LogState(leaderEpoch, startOffset, endOffset, segments, NOTHING_MOVED, journalNumber);
    }

    /**
     * Reads the file.
     *
     * @return empty if there is none, as of a log that nobody has opened yet
     * @throws StorageException if it is damaged, or of a newer version
     */
    static Optional<LogState> read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        Optional<byte[]> content = AtomicFile.read(file);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        String text = new String(content.get(), StandardCharsets.UTF_8);
        try {
            requireKnownVersion(file, text.lines().toList());
            return Optional.of(parse(checked(text).lines().toList()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw new StorageException("the file " + file + " is damaged" + REMEDY, malformed);
        }
    }

    /** Of a log that cannot be without one. */
    static StorageException missing(Path folder) {
        return new StorageException(
                "the file " + folder.resolve(NAME) + " is missing, and the log has records" + REMEDY);
    }

    /** The lines before the one with the checksum; all where there is none, since there was none in the beginning. */
    private static String checked(String text) {
        int end = text.lastIndexOf(CHECKSUM_KEY);
        if (end < 0) {
            return text;
        }
        String lines = text.substring(0, end);
        if (!text.substring(end).equals(checksumLine(lines))) {
            throw new IllegalArgumentException("the checksum is wrong");
        }
        return lines;
    }

    private static String checksumLine(String lines) {
        CRC32C checksum = new CRC32C();
        checksum.update(lines.getBytes(StandardCharsets.UTF_8));
        return CHECKSUM_KEY + Long.toHexString(checksum.getValue()) + "\n";
    }

    private static void requireKnownVersion(Path file, List<String> lines) {
        long version = field(lines, 0, "version");
        if (version != VERSION) {
            throw new StorageException(
                    "the file " + file + " is of version " + version + ", and this Brokkr knows no later one than "
                            + VERSION + ": start the newer Brokkr that wrote it");
        }
    }

    private static LogState parse(List<String> lines) {
        int count = (int) field(lines, 4, "segments");
        int at = 5 + count;
        if (count < 1 || at > lines.size()) {
            throw new IllegalArgumentException(count + " segments in " + lines.size() + " lines");
        }
        List<SegmentLine> segments = new ArrayList<>(count);
        for (String line : lines.subList(5, at)) {
            String[] numbers = line.split(" ", 3);
            segments.add(new SegmentLine(
                    Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2])));
        }
        boolean isMoving = at < lines.size() && lines.get(at).startsWith(MOVED);
        long moved = isMoving ? field(lines, at++, MOVED) : NOTHING_MOVED;
        long journal = at < lines.size() ? field(lines, at++, JOURNAL) : 0;
        if (at < lines.size()) {
            throw new IllegalArgumentException("«" + lines.get(at) + "» behind the last line");
        }
        return new LogState(
                Math.toIntExact(field(lines, 1, "leader_epoch")),
                field(lines, 2, "start_offset"),
                field(lines, 3, "end_offset"),
                segments,
                moved,
                journal);
    }

    private static long field(List<String> lines, int index, String key) {
        String line = lines.get(index);
        if (!line.startsWith(key + ": ")) {
            throw new IllegalArgumentException("«" + line + "» where " + key + " should be");
        }
        return Long.parseLong(line.substring(key.length() + 2));
    }

    void write(FileOperations files, Path folder) throws IOException {
        StringBuilder text = new StringBuilder(128 + segments.size() * 48)
                .append("version: ")
                .append(VERSION)
                .append("\nleader_epoch: ")
                .append(leaderEpoch)
                .append("\nstart_offset: ")
                .append(startOffset)
                .append("\nend_offset: ")
                .append(endOffset)
                .append("\nsegments: ")
                .append(segments.size())
                .append('\n');
        for (SegmentLine segment : segments) {
            text.append(segment.baseOffset())
                    .append(' ')
                    .append(segment.sizeInBytes())
                    .append(' ')
                    .append(segment.maxTimestamp())
                    .append('\n');
        }
        if (movedBaseOffset != NOTHING_MOVED) {
            text.append(MOVED).append(": ").append(movedBaseOffset).append('\n');
        }
        if (journalNumber > 0) {
            text.append(JOURNAL).append(": ").append(journalNumber).append('\n');
        }
        text.append(checksumLine(text.toString()));
        AtomicFile.write(
                files, folder.resolve(NAME), ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
