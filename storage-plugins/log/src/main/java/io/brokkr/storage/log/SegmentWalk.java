package io.brokkr.storage.log;

import io.brokkr.spi.storage.CorruptLogException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the batches of a segment from near an offset on. What the index says counts only if the batch that it names is there: an index that is
 * wrong costs time, and no answer. Where there is no batch though there must be one, the walk goes on behind it if what is looked for lies there, and ends
 * otherwise.
 *
 * <p>For one thread, for one search.
 */
final class SegmentWalk {

    private static final Logger LOG = System.getLogger(SegmentWalk.class.getName());

    private final Segment segment;
    private final FileChannel channel;
    private final long size;
    private final long endOffset;
    private final long wantedOffset;
    private BatchCursor batch;

    /** Where the first batch began that was walked through, or began after the last gap. */
    private long from;

    private long previousEnd;
    private boolean indexIsWrong;

    /**
     * Stands before a batch that lies at or before the one that an offset is in.
     *
     * @param size where the last batch of the segment ends
     * @param endOffset no batch reaches it
     */
    SegmentWalk(Segment segment, FileChannel channel, long wantedOffset, long size, long endOffset) throws IOException {
        this.segment = segment;
        this.channel = channel;
        this.size = size;
        this.endOffset = endOffset;
        this.wantedOffset = wantedOffset;
        this.batch = begin();
        this.from = batch.position();
        this.previousEnd = segment.baseOffset();
    }

    private BatchCursor begin() throws IOException {
        try {
            IndexFile.Entry entry = segment.offsets().floor(wantedOffset - segment.baseOffset());
            if (entry != null && entry.value() < size) {
                BatchCursor indexed = at(entry);
                if (indexed != null) {
                    return indexed;
                }
                indexIsWrong = true;
                segment.offsets().forgetRead();
            }
        } catch (IOException unreadable) {
            indexIsWrong = true;
        }
        return new BatchCursor(channel, 0, sizeThere());
    }

    /** Before the batch that an index entry names; null if it is not there. */
    private @Nullable BatchCursor at(IndexFile.Entry entry) throws IOException {
        if (entry.value() < 0) {
            return null;
        }
        BatchCursor indexed = new BatchCursor(channel, entry.value(), sizeThere());
        if (!indexed.tryNext() || indexed.lastOffset() - segment.baseOffset() != entry.key()) {
            return null;
        }
        indexed.again();
        return indexed;
    }

    /** A file that was cut from outside ends before the segment does. */
    private long sizeThere() throws IOException {
        return Math.min(size, channel.size());
    }

    /** The batch at which the walk has arrived. */
    BatchCursor batch() {
        return batch;
    }

    /** Leaves out what lies before a batch. */
    void skipTo(long position) throws IOException {
        if (batch.position() < position) {
            batch = new BatchCursor(channel, position, sizeThere());
            from = position;
        }
    }

    /** Whether the index has named a place that is none, or has not named one that it must. */
    boolean isIndexWrong() {
        return indexIsWrong;
    }

    /**
     * Notices that an index has a hole: at the batch there must have been an entry, and the search would have begun there.
     *
     * @param indexIntervalBytes how many bytes go without an entry
     */
    void lookForHole(int indexIntervalBytes) {
        indexIsWrong |= batch.lastOffset() < wantedOffset && batch.position() - from > indexIntervalBytes;
    }

    /**
     * Goes on to the next batch.
     *
     * @return false at the end of the segment
     * @throws CorruptLogException if there is no batch where one must be, and none behind it that is wanted
     */
    boolean next() throws IOException {
        if (batch.tryNext() && isInOrder()) {
            previousEnd = batch.lastOffset() + 1;
            return true;
        }
        if (batch.position() == size) {
            return false;
        }
        goOnBehind(batch.position());
        return true;
    }

    /** The checksum does not cover the offset: of one that is wrong there may be no other sign. */
    private boolean isInOrder() {
        return batch.baseOffset() >= previousEnd && batch.lastOffset() < endOffset;
    }

    /**
     * Reads all of the batch at which the walk has arrived: nobody is sent a damaged one, and a search by time believes what the batch says of its time, and of those that it
     * passes over.
     *
     * @throws CorruptLogException if it is damaged
     */
    void requireWhole() throws IOException {
        if (!batch.isWhole()) {
            String damage = "the file " + segment.file().path() + " is damaged: the batch of " + batch.sizeInBytes()
                    + " bytes at position " + batch.position() + ", of the offsets " + batch.baseOffset() + " to "
                    + batch.lastOffset()
                    + ", has not the checksum that it carries: stop the broker and restore the file from a copy, or let brokkr log repair take the batch out, or let consumers go"
                    + " on behind it";
            tell(batch.position(), damage);
            throw new CorruptLogException(damage);
        }
    }

    private void tell(long damagedPosition, String damage) {
        if (segment.noteDamage(damagedPosition)) {
            LOG.log(Level.ERROR, damage);
        }
    }

    private void goOnBehind(long damagedPosition) throws IOException {
        IndexFile.Entry entry = null;
        long position = damagedPosition;
        BatchCursor sound = null;
        while (sound == null && (entry = segment.offsets().firstBehind(position)) != null) {
            position = entry.value();
            sound = at(entry);
        }
        long soundOffset = endOffset;
        if (sound != null && sound.tryNext()) {
            soundOffset = sound.baseOffset();
        }
        String damage = "the file " + segment.file().path() + " is damaged: from position " + damagedPosition + " to "
                + (sound == null ? size : sound.position()) + " there are no whole record batches. Offsets from "
                + previousEnd + " on cannot be read"
                + (soundOffset == Long.MAX_VALUE ? "" : ", those from " + soundOffset + " on can")
                + ": stop the broker and restore the file from a copy, or let consumers go on behind the damage";
        tell(damagedPosition, damage);
        if (sound == null || wantedOffset < soundOffset) {
            throw new CorruptLogException(damage);
        }
        batch = sound;
        from = sound.position();
        previousEnd = sound.lastOffset() + 1;
    }
}
