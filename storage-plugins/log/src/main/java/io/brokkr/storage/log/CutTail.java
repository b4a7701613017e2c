package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** What an opening cuts off the end of a log since nobody vouches for it: a write that a crash cut short, or what a disk has changed. The operator is told which of them it looks like. */
final class CutTail {

    private static final Logger LOG = System.getLogger(CutTail.class.getName());

    /** How far it is looked for batches behind the first bytes that are none, in each file. */
    private static final int LOOK_BYTES = 4 << 20;

    private static final int PIECE_BYTES = 64 << 10;

    private final LogId id;
    private final long firstOffset;
    private final List<Path> files;
    private final long position;
    private final long sizeInBytes;
    private final boolean hasWholeBatches;

    /**
     * Looks at it, before it is cut off.
     *
     * @param firstOffset of what is cut off, the end of what stays
     * @param files of segments in their order, of which there is one at least
     * @param position where the cut is in the first of them; of the others nothing stays
     */
    CutTail(LogId id, long firstOffset, List<Path> files, long position, FileOperations operations) throws IOException {
        this.id = id;
        this.firstOffset = firstOffset;
        this.files = files;
        this.position = position;
        long size = -position;
        boolean isWhole = false;
        for (Path file : files) {
            size += Files.size(file);
            isWhole = isWhole || holdsWholeBatch(operations, file, file.equals(files.get(0)) ? position : 0);
        }
        this.sizeInBytes = size;
        this.hasWholeBatches = isWhole;
    }

    long sizeInBytes() {
        return sizeInBytes;
    }

    /** Says in the broker's log that it is gone. */
    void tell() {
        LOG.log(
                Level.WARNING,
                "of the log {0} {1} bytes were cut off, from position {3} of {4} on{5}: they do not go on where the log ends, at offset {2}, and no checkpoint vouches for them. {6}",
                id,
                Long.toString(sizeInBytes),
                Long.toString(firstOffset),
                Long.toString(position),
                files.get(0),
                files.size() == 1 ? "" : " and all of the " + (files.size() - 1) + " segments behind",
                hasWholeBatches
                        ? "There are whole batches among them: unless the power was lost, the disk has changed or lost what it had, and should be seen to"
                        : "They look like a write that was cut short");
    }

    private boolean holdsWholeBatch(FileOperations operations, Path file, long from) {
        try (FileChannel channel = operations.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(LOOK_BYTES, channel.size() - from));
            boolean isThere = true;
            while (isThere && bytes.hasRemaining()) {
                // In pieces, for each thread keeps as much memory outside of the heap as it has read at once.
                ByteBuffer piece = bytes.slice(bytes.position(), Math.min(PIECE_BYTES, bytes.remaining()));
                int count = channel.read(piece, from + bytes.position());
                isThere = count >= 0;
                bytes.position(bytes.position() + Math.max(0, count));
            }
            Finder finder = new Finder();
            new SegmentScan(bytes.flip(), firstOffset, finder).run();
            return finder.found;
        } catch (IOException unreadable) {
            // It goes, whatever it is.
            return false;
        }
    }

    /** Whether there is a batch at all. */
    private static final class Finder implements SegmentScan.Visitor {

        private boolean found;

        @Override
        public void batch(int at, RecordBatch batch) {
            found = true;
        }

        @Override
        public void damage(SegmentScan.Damage damage, long from) {
            // It is known that there is some.
        }
    }
}
