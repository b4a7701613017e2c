package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.CorruptLogException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Takes up a segment that is to be written further, or that a crash may have torn. The trusted part at its beginning is on the device for certain,
 * with its index entries. Batches behind it are checked and given their index entries, up to the first one that is not whole.
 *
 * <p>The checksum leaves out base offset and leader epoch. A base offset that goes back is found, one that was damaged upwards in an otherwise
 * whole batch is not, as in Kafka.
 */
final class SegmentLoader {

    private final LogEnvironment environment;
    private final Path folder;
    private final LogSettings settings;

    SegmentLoader(LogEnvironment environment, Path folder, LogSettings settings) {
        this.environment = environment;
        this.folder = folder;
        this.settings = settings;
    }

    /**
     * What was found.
     *
     * @param endOffset the offset behind the last batch, at least the trusted one
     * @param tornBytes what lies behind that batch; 0 of a whole segment
     * @param hasNewEntries whether its indexes lacked entries
     */
    record Loaded(Segment segment, long endOffset, long tornBytes, boolean hasNewEntries) {}

    /**
     * Loads a segment; cutting off what is torn is left to the caller.
     *
     * @param trustedPosition where the trusted part ends, 0 if nothing is trusted
     * @param trustedEnd the offset at which it ends
     * @throws CorruptLogException if not even the trusted part is there
     */
    Loaded load(long baseOffset, long trustedPosition, long trustedEnd) throws IOException {
        return load(baseOffset, trustedPosition, trustedEnd, OptionalLong.empty());
    }

    /** As the other; a time index that does not end with the largest timestamp, if that is known, is made anew. */
    Loaded load(long baseOffset, long trustedPosition, long trustedEnd, OptionalLong largestTimestamp)
            throws IOException {
        Segment segment = new Segment(environment.files(), folder, baseOffset, 0, RecordBatch.NO_TIMESTAMP);
        FileChannel channel = segment.file().acquire();
        try {
            takeIndexes(segment, channel, trustedPosition, trustedEnd, largestTimestamp);
            int entries = segment.countEntries();
            IndexFile.Entry lastOffset = segment.offsets().last();
            long from = lastOffset == null ? 0 : lastOffset.value();
            long fileSize = channel.size();
            segment.resume(
                    from,
                    firstTimestamp(channel, from, fileSize),
                    environment.clock().millis(),
                    segment.times().last());
            long end = count(segment, new BatchCursor(channel, from, fileSize), trustedPosition, trustedEnd);
            if (segment.sizeInBytes() < trustedPosition) {
                throw damaged(segment, trustedPosition);
            }
            return new Loaded(segment, end, fileSize - segment.sizeInBytes(), segment.countEntries() > entries);
        } finally {
            segment.file().release();
        }
    }

    /** Keeps the trusted part of the indexes if it fits; else they are made anew from the batches, as they are where they are missing. */
    private static void takeIndexes(
            Segment segment, FileChannel channel, long trustedPosition, long trustedEnd, OptionalLong largestTimestamp)
            throws IOException {
        try {
            segment.offsets().cutAtValue(trustedPosition);
            segment.times().cutAtValue(trustedEnd - segment.baseOffset());
            IndexFile.Entry lastTime = segment.times().last();
            long largest = lastTime == null ? RecordBatch.NO_TIMESTAMP : lastTime.key();
            if (largestTimestamp.orElse(largest) == largest && fits(segment, channel)) {
                return;
            }
        } catch (IOException unusable) {
            // What stands there under the name of an index is none.
        }
        segment.offsets().delete();
        segment.times().delete();
    }

    private static boolean fits(Segment segment, FileChannel channel) throws IOException {
        IndexFile.Entry last = segment.offsets().last();
        if (last == null) {
            return true;
        }
        if (last.value() < 0) {
            return false;
        }
        BatchCursor batch = new BatchCursor(channel, last.value(), channel.size());
        return batch.tryNext() && batch.lastOffset() - segment.baseOffset() == last.key();
    }

    private CorruptLogException damaged(Segment segment, long trustedPosition) {
        return new CorruptLogException(
                "the file " + segment.file().path() + " was synced up to position " + trustedPosition
                        + ", but there are whole batches only up to " + segment.sizeInBytes()
                        + ". Something other than the broker changed it, or the device lost it: restore the log's folder from a copy, or"
                        + " move it away to begin with an empty log");
    }

    private static long firstTimestamp(FileChannel channel, long from, long fileSize) throws IOException {
        BatchCursor first = new BatchCursor(channel, 0, fileSize);
        return from > 0 && first.tryNext() ? first.maxTimestamp() : RecordBatch.NO_TIMESTAMP;
    }

    private long count(Segment segment, BatchCursor batch, long trustedPosition, long trustedEnd) throws IOException {
        long end = segment.baseOffset();
        while (batch.tryNext()) {
            if (batch.position() >= trustedPosition) {
                end = Math.max(end, trustedEnd);
                if (batch.baseOffset() < end || !batch.isWhole()) {
                    break;
                }
            }
            segment.note(batch.lastOffset(), batch.maxTimestamp(), batch.sizeInBytes(), settings.indexIntervalBytes());
            end = batch.lastOffset() + 1;
        }
        return Math.max(end, trustedEnd);
    }
}
