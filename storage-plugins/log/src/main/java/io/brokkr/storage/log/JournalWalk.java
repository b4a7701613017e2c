package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Goes through one file of the journal, from entry to entry, over whatever is damaged between them. Used once.
 *
 * <p>An entry behind damage counts like any other. It is an entry of this file, and of the time since the file was begun: it has the file's salt, which nobody knows who does not read the
 * file, a number higher than those before, and a checksum of all of it. What it says is true whether or not others are lost: as long as entries count for a log, all that happens to the log is that
 * it is appended to, so that a position in a segment never has had other bytes than those of the entry. If the lost one belonged to the same log, what stands before the position
 * is what the log's own file has there: its batches, if they were written in the meantime, or nothing whole. The log's opening checks each batch that its state file does not vouch for, and ends the
 * log before the first that is not whole, as if there had been no entry behind it.
 */
final class JournalWalk {

    /** Is told of entries. */
    @FunctionalInterface
    interface Visitor {
        void visit(JournalFormat.EntryHeader entry, long position);
    }

    /** An entry and where it is. */
    private record Found(JournalFormat.EntryHeader entry, long position) {}

    private static final long NOWHERE = -1;

    private final FileChannel channel;
    private final long salt;
    private final ByteBuffer buffer;
    private long bufferAt;
    private long lastNumber;

    /** Where something is missing, in a round that may not have come to its end. */
    private long gapAt = NOWHERE;

    private long damageAt = NOWHERE;

    /**
     * Through a file.
     *
     * @param buffer has room for any entry
     */
    JournalWalk(FileChannel channel, JournalFormat.FileHeader header, ByteBuffer buffer) {
        this.channel = channel;
        this.salt = header.salt();
        this.lastNumber = header.ordinal();
        this.buffer = buffer.limit(0);
    }

    void run(Visitor visitor) throws IOException {
        Found next = findFrom(JournalFormat.BLOCK_BYTES);
        while (next != null) {
            lastNumber = next.entry().number();
            visitor.visit(next.entry(), next.position());
            next = findFrom(next.position() + next.entry().sizeInBytes());
        }
    }

    /** The highest number seen. */
    long lastNumber() {
        return lastNumber;
    }

    /** The position of the first damage; -1 if there is nothing but what a loss of power leaves of the last round, of which nobody was told. */
    long damageAt() {
        return damageAt;
    }

    /** The entry at a position, where the one before ends, or else the next one; null if there is none any more. */
    private @Nullable Found findFrom(long end) throws IOException {
        Found next = entryAt(end);
        if (next == null) {
            boolean isBegun = isThere(end, JournalFormat.ENTRY_HEADER_BYTES) && hasSalt(end);
            next = search(end + 1);
            boolean isNextRound = next != null && next.position() == JournalFormat.nextBlock(end) && !isBegun;
            if (next != null && !isNextRound && gapAt == NOWHERE) {
                gapAt = end;
            }
        }
        // A round begins when the one before is on the device.
        boolean isLaterRound = next != null && next.position() % JournalFormat.BLOCK_BYTES == 0;
        if (isLaterRound && damageAt == NOWHERE) {
            damageAt = gapAt;
        }
        return next;
    }

    private @Nullable Found search(long from) throws IOException {
        long position = from;
        Found found = null;
        while (found == null && isThere(position, JournalFormat.ENTRY_HEADER_BYTES)) {
            position = skipTo(position);
            found = entryAt(position);
            position++;
        }
        return found;
    }

    /** The next position at which an entry may begin; the last one in the buffer if there is none. */
    private long skipTo(long from) {
        long last = bufferAt + buffer.limit() - JournalFormat.ENTRY_HEADER_BYTES;
        long position = from;
        while (position < last && !hasSalt(position)) {
            position++;
        }
        return position;
    }

    private boolean hasSalt(long position) {
        return buffer.getLong((int) (position - bufferAt) + JournalFormat.SALT_AT) == salt;
    }

    private @Nullable Found entryAt(long position) throws IOException {
        if (!isThere(position, JournalFormat.ENTRY_HEADER_BYTES)) {
            return null;
        }
        int size = JournalFormat.claimedSize(buffer, (int) (position - bufferAt), salt);
        if (size == 0 || !isThere(position, size)) {
            return null;
        }
        JournalFormat.EntryHeader entry = JournalFormat.readEntry(buffer, (int) (position - bufferAt));
        return entry == null || entry.number() <= lastNumber ? null : new Found(entry, position);
    }

    private boolean isThere(long position, int size) throws IOException {
        if (position < bufferAt || position + size > bufferAt + buffer.limit()) {
            bufferAt = position;
            JournalScan.readFully(channel, buffer.clear(), position);
            buffer.flip();
        }
        return buffer.limit() >= position - bufferAt + size;
    }
}
