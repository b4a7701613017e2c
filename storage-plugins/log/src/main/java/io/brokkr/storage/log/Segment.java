package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Clock;
import io.brokkr.spi.storage.LogSegment;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of a log: a file of batches with its two indexes, all named after the segment's base offset.
 *
 * <p>Whoever appends holds the monitor of the log; everything else is thread-safe.
 */
final class Segment {

    static final String LOG_SUFFIX = ".log";
    /** Times it, numbers that lie close together come to lie far apart. */
    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

    /** Who has read of so many knows that the file is to be replaced. */
    private static final int MOST_TOLD_DAMAGES = 100;

    private static final int COPY_BUFFER_SIZE_IN_BYTES = 64 << 10;

    /** Behind the names of the files of a segment that is to take the place of others; the suffix that Kafka uses for it. */
    static final String CLEANED_SUFFIX = ".cleaned";

    private static final String LARGEST_NAME = nameOf(Long.MAX_VALUE) + LOG_SUFFIX;

    private static final List<String> SUFFIXES =
            List.of(LOG_SUFFIX, IndexFile.Layout.OFFSETS.suffix(), IndexFile.Layout.TIMES.suffix());

    private final OpenFiles files;
    private final long baseOffset;
    private final SegmentFile file;
    private final IndexFile offsets;
    private final IndexFile times;
    private volatile long sizeInBytes;
    private volatile long maxTimestamp;

    /** Held from the first append on until the segment is finished. */
    private @Nullable FileChannel writing;

    private boolean nameIsDurable;
    private long createdAtMillis;
    private long firstTimestamp = RecordBatch.NO_TIMESTAMP;
    private long offsetOfMaxTimestamp;
    private long lastIndexedTimestamp = RecordBatch.NO_TIMESTAMP;
    private long bytesSinceIndexEntry;

    /** Where readers found no batch, or a damaged one; null as long as there is none. */
    private @Nullable Set<Long> damagedPositions;

    private final CheckedRanges checked = new CheckedRanges();

    private boolean indexRebuildHasBegun;

    /**
     * A segment whose files are there already.
     *
     * @param sizeInBytes the end of its last batch
     */
    Segment(OpenFiles files, Path folder, long baseOffset, long sizeInBytes, long maxTimestamp) {
        this(files, folder, baseOffset, "");
        this.sizeInBytes = sizeInBytes;
        this.maxTimestamp = maxTimestamp;
    }

    private Segment(OpenFiles files, Path folder, long baseOffset, String suffix) {
        this(
                files,
                baseOffset,
                new SegmentFile(files, folder.resolve(nameOf(baseOffset) + LOG_SUFFIX + suffix)),
                index(files, folder, baseOffset, suffix, IndexFile.Layout.OFFSETS),
                index(files, folder, baseOffset, suffix, IndexFile.Layout.TIMES));
    }

    private Segment(OpenFiles files, long baseOffset, SegmentFile file, IndexFile offsets, IndexFile times) {
        this.files = files;
        this.baseOffset = baseOffset;
        this.file = file;
        this.offsets = offsets;
        this.times = times;
        this.maxTimestamp = RecordBatch.NO_TIMESTAMP;
        this.offsetOfMaxTimestamp = baseOffset;
        this.nameIsDurable = true;
    }

    private static IndexFile index(
            FileOperations files, Path folder, long baseOffset, String suffix, IndexFile.Layout layout) {
        return new IndexFile(files, folder.resolve(nameOf(baseOffset) + layout.suffix() + suffix), layout);
    }

    /** A new segment. Its file is made now, its name is durable after the first {@link #force}. */
    static Segment create(OpenFiles files, Path folder, long baseOffset, long nowMillis) throws IOException {
        Segment segment = new Segment(files, folder, baseOffset, 0, RecordBatch.NO_TIMESTAMP);
        segment.createdAtMillis = nowMillis;
        return segment.begin();
    }

    /** A new segment that is to take the place of others, and has files of its own until they are {@linkplain #moveIntoPlace moved}. */
    static Segment createCleaned(OpenFiles files, Path folder, long baseOffset) throws IOException {
        Segment cleaned = new Segment(files, folder, baseOffset, CLEANED_SUFFIX);
        // One before it may not have got rid of them, and entries are added behind what is there.
        cleaned.offsets.delete();
        cleaned.times.delete();
        return cleaned.begin();
    }

    private Segment begin() throws IOException {
        nameIsDurable = false;
        keepForWriting(file.create());
        return this;
    }

    /** Gives the files that {@link #createCleaned} made the names of the segment at that offset, as far as that is not done yet. */
    static void moveIntoPlace(FileOperations files, Path folder, long baseOffset) throws IOException {
        for (String suffix : SUFFIXES) {
            Path place = folder.resolve(nameOf(baseOffset) + suffix);
            Path cleaned = place.resolveSibling(place.getFileName() + CLEANED_SUFFIX);
            if (Files.exists(cleaned)) {
                files.move(cleaned, place);
            }
        }
    }

    /**
     * The base offset of a new segment that begins with a batch. It is where the segment before ends, so that one that a crash took away whole is
     * {@linkplain #follows missed}; unless the batch lies so far behind that its offsets could not be told from there in 32 bits.
     */
    static long baseOffsetFor(RecordBatch batch, long endBefore) {
        return batch.lastOffset() - endBefore > Integer.MAX_VALUE ? batch.baseOffset() : endBefore;
    }

    /**
     * Whether a segment that was found can be the next one.
     *
     * @param endBefore where the one before ends
     */
    boolean follows(long endBefore) throws IOException {
        if (baseOffset == endBefore) {
            return true;
        }
        FileChannel channel = file.acquire();
        try {
            BatchCursor first = new BatchCursor(channel, 0, channel.size());
            return baseOffset > endBefore && first.tryNext() && first.lastOffset() - endBefore > Integer.MAX_VALUE;
        } finally {
            file.release();
        }
    }

    /** Kafka's file names: the base offset with leading zeros to 20 digits. */
    static String nameOf(long baseOffset) {
        String digits = Long.toString(baseOffset);
        return "0".repeat(20 - digits.length()) + digits;
    }

    /** The base offset in the name of a {@code .log} file; empty of any other file, and of numbers that are no offsets. */
    static OptionalLong baseOffsetIn(String fileName) {
        // Numbers of as many digits are in the order of their texts.
        return fileName.matches("[0-9]{20}\\.log") && fileName.compareTo(LARGEST_NAME) <= 0
                ? OptionalLong.of(Long.parseLong(fileName.substring(0, 20)))
                : OptionalLong.empty();
    }

    long baseOffset() {
        return baseOffset;
    }

    long sizeInBytes() {
        return sizeInBytes;
    }

    /** The largest timestamp of its batches, -1 if there is none. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    SegmentFile file() {
        return file;
    }

    IndexFile offsets() {
        return offsets;
    }

    IndexFile times() {
        return times;
    }

    CheckedRanges checked() {
        return checked;
    }

    /** Of both indexes. */
    int countEntries() throws IOException {
        return offsets.count() + times.count();
    }

    /** Whether nobody has found this damage before, and it is worth a line in the broker's log. */
    synchronized boolean noteDamage(long position) {
        if (damagedPositions == null) {
            damagedPositions = new HashSet<>();
        }
        return damagedPositions.size() < MOST_TOLD_DAMAGES && damagedPositions.add(position);
    }

    /** Whether nobody has begun to make the indexes anew before. */
    synchronized boolean beginIndexRebuild() {
        boolean isFirst = !indexRebuildHasBegun;
        indexRebuildHasBegun = true;
        return isFirst;
    }

    /** The same segment before its first batch, with empty indexes under temporary names. */
    Segment withoutIndexes() throws IOException {
        return new Segment(files, baseOffset, file, offsets.temporary(), times.temporary());
    }

    LogSegment describe(long endOffset) {
        return new LogSegment(baseOffset, endOffset, sizeInBytes, maxTimestamp);
    }

    LogState.SegmentLine toLine() {
        return new LogState.SegmentLine(baseOffset, sizeInBytes, maxTimestamp);
    }

    /** Whether a batch must go to a new segment: this one is full, old, or cannot express the batch's offsets in 32 bits. */
    boolean isFullFor(RecordBatch batch, LogSettings settings, Clock clock) throws IOException {
        if (batch.lastOffset() - baseOffset > Integer.MAX_VALUE) {
            return true;
        }
        if (sizeInBytes == 0) {
            return false;
        }
        return sizeInBytes + batch.sizeInBytes() > settings.segmentBytes()
                || ageAt(batch.maxTimestamp(), clock) > settings.segmentMillis() - jitter(settings)
                || (bytesSinceIndexEntry > settings.indexIntervalBytes() && indexesAreFull(settings.indexBytes()));
    }

    /** By the records' time if they have one, as Kafka counts it, so that a segment does not span more of it than was set. */
    private long ageAt(long timestamp, Clock clock) {
        return firstTimestamp >= 0 && timestamp >= 0 ? timestamp - firstTimestamp : clock.millis() - createdAtMillis;
    }

    /** Kafka draws a number; here the name of the file decides, so that it stays the same. */
    private long jitter(LogSettings settings) {
        long most = Math.min(settings.segmentJitterMillis(), settings.segmentMillis());
        return most == 0 ? 0 : ((file.path().hashCode() * GOLDEN_RATIO) >>> 1) % most;
    }

    /** The time index keeps room for the entry that a finished segment gets. */
    private boolean indexesAreFull(int indexBytes) throws IOException {
        return offsets.count() >= indexBytes / IndexFile.Layout.OFFSETS.entrySize()
                || times.count() >= indexBytes / IndexFile.Layout.TIMES.entrySize() - 1;
    }

    /** Writes a batch into the page cache. */
    void append(RecordBatch batch, int indexIntervalBytes) throws IOException {
        FileChannel channel = writing == null ? file.acquireForWriting() : writing;
        try {
            ByteBuffer bytes = batch.buffer();
            long position = sizeInBytes;
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
        } finally {
            keepForWriting(channel);
        }
        note(batch.lastOffset(), batch.maxTimestamp(), batch.sizeInBytes(), indexIntervalBytes);
    }

    /** Keeps the file open for the next append, unless that is done for too many; it has been acquired if it was not kept before. */
    private void keepForWriting(FileChannel channel) {
        if (writing == null) {
            if (files.beginWriting()) {
                writing = channel;
            } else {
                file.release();
            }
        }
    }

    /** Counts a batch that is in the file, behind those that were counted before, and gives it an index entry if it is time for one. */
    void note(long lastOffset, long timestamp, int batchSizeInBytes, int indexIntervalBytes) throws IOException {
        if (sizeInBytes == 0) {
            firstTimestamp = timestamp;
        }
        if (timestamp > maxTimestamp) {
            offsetOfMaxTimestamp = lastOffset;
            maxTimestamp = timestamp;
        }
        long position = sizeInBytes;
        if (bytesSinceIndexEntry > indexIntervalBytes) {
            offsets.add(lastOffset - baseOffset, position);
            indexMaxTimestamp();
            bytesSinceIndexEntry = 0;
        }
        bytesSinceIndexEntry += batchSizeInBytes;
        sizeInBytes = position + batchSizeInBytes;
    }

    private void indexMaxTimestamp() throws IOException {
        if (maxTimestamp > lastIndexedTimestamp) {
            times.add(maxTimestamp, offsetOfMaxTimestamp - baseOffset);
            lastIndexedTimestamp = maxTimestamp;
        }
    }

    /** Takes up the counts at the batch that an index ends with, so that {@link #note} goes on from there. */
    void resume(long position, long firstTimestamp, long createdAtMillis, IndexFile.@Nullable Entry lastTime) {
        this.sizeInBytes = position;
        this.firstTimestamp = firstTimestamp;
        this.createdAtMillis = createdAtMillis;
        if (lastTime != null) {
            lastIndexedTimestamp = lastTime.key();
            maxTimestamp = lastTime.key();
            offsetOfMaxTimestamp = baseOffset + lastTime.value();
        }
    }

    /** Adds the entry that tells the largest timestamp of all, which a trusted segment's time index ends with. Under the log's monitor. */
    void completeTimeIndex() throws IOException {
        indexMaxTimestamp();
    }

    /** Fails if the file's name is gone: then what is written goes with the last who has the file open. */
    void requireThere() throws IOException {
        if (!isThere()) {
            throw new NoSuchFileException(file.path().toString(), null, "it has vanished");
        }
    }

    boolean isThere() {
        return Files.exists(file.path());
    }

    /** Makes durable what was appended before. */
    void force() throws IOException {
        FileChannel channel = file.acquireForWriting();
        try {
            channel.force(false);
            makeNameDurable();
        } finally {
            file.release();
        }
    }

    boolean isNameDurable() {
        return nameIsDurable;
    }

    /** Before anything durable names the segment. */
    void makeNameDurable() throws IOException {
        if (!nameIsDurable) {
            AtomicFile.forceFolder(files, file.path().resolveSibling("."));
            nameIsDurable = true;
        }
    }

    /**
     * Writes the batches from a position on once more, as they are. If a sync of them has failed before, the operating system takes them for written, and
     * would not write them at the next one.
     */
    void writeAgain(long from) throws IOException {
        if (from == sizeInBytes) {
            return;
        }
        FileChannel channel = file.acquireForWriting();
        try {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BUFFER_SIZE_IN_BYTES, sizeInBytes - from));
            long position = from;
            while (position < sizeInBytes) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), sizeInBytes - position));
                if (channel.read(buffer, position) < 0) {
                    throw isShorter();
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    position += channel.write(buffer, position);
                }
            }
        } finally {
            file.release();
        }
    }

    /** Fills a buffer with what stands at a position. */
    void readFully(ByteBuffer target, long from) throws IOException {
        FileChannel channel = file.acquire();
        try {
            long position = from;
            while (target.hasRemaining()) {
                int count = channel.read(target, position);
                if (count < 0) {
                    throw isShorter();
                }
                position += count;
            }
        } finally {
            file.release();
        }
    }

    private EOFException isShorter() {
        return new EOFException(file.path() + " is shorter than what was written");
    }

    void forceIndexes() throws IOException {
        offsets.force();
        times.force();
    }

    /**
     * Cuts the file off, and stops writing. Who reads the file keeps it as it was.
     *
     * @param position where it shall end
     */
    void cutFile(long position) throws IOException {
        int ownUses = writing == null ? 0 : 1;
        FileChannel channel = file.acquireForWriting();
        try {
            if (file.users() == ownUses + 1) {
                channel.truncate(position);
            } else {
                file.replaceByCopy(channel, position);
            }
        } finally {
            file.release();
            stopWriting();
        }
    }

    /** Lets go of the file until the next append. */
    void stopWriting() {
        if (writing != null) {
            writing = null;
            files.endWriting();
            file.release();
        }
    }

    /** Closes the file until somebody needs it, unless somebody has it. */
    void closeUnusedFile() {
        file.closeIfUnused();
    }

    /** Closes the file as soon as no reader has it; nobody else asks for it any more. */
    void close() {
        stopWriting();
        file.retire();
    }

    /** Removes the files; whoever reads the batches keeps them until he is done. */
    void delete() throws IOException {
        close();
        // The file that says that there is a segment goes last: what a kill leaves is found and removed at the next
        // opening.
        offsets.delete();
        times.delete();
        files.delete(file.path());
    }
}
