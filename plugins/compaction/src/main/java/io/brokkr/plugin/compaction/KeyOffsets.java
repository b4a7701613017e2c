package io.brokkr.plugin.compaction;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The newest offset of each key, in a fixed amount of memory outside of the heap. Used by one thread at a time.
 *
 * <p>Keys are told apart by 128 bits of their SHA-256, so that nobody can make two keys that count as one. An open table, a free slot being one of offset 0:
 *
 * <pre>
 *   size  field
 *      8  first half of the hash
 *      8  second half of the hash
 *      8  offset + 1, 0 where the slot is free
 * </pre>
 */
final class KeyOffsets {

    /** What {@link #latest} gives for a key that is not there. */
    static final long NONE = -1;

    private static final int SLOT_SIZE = 24;
    private static final int DIGEST_SIZE = 32;

    private final ByteBuffer table;
    private final int slotCount;
    private final int maximumSize;
    private final MessageDigest digest;
    private final byte[] hash = new byte[DIGEST_SIZE];
    private final ByteBuffer halves = ByteBuffer.wrap(hash);
    private int size;

    KeyOffsets(int sizeInBytes) {
        table = ByteBuffer.allocateDirect(sizeInBytes);
        slotCount = sizeInBytes / SLOT_SIZE;
        // Fuller, and the way to a free slot becomes long.
        maximumSize = slotCount / 4 * 3;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Takes everything out. */
    void clear() {
        for (int position = 0; size > 0 && position <= table.capacity() - Long.BYTES; position += Long.BYTES) {
            table.putLong(position, 0);
        }
        size = 0;
    }

    int size() {
        return size;
    }

    /**
     * Notes that a key has a record at an offset; a higher one that is there stays.
     *
     * @param key from position to limit, which stay as they are
     * @return false if the key is new and there is no room for it
     */
    boolean put(ByteBuffer key, long offset) {
        int position = find(key);
        long known = offsetAt(position);
        if (known == NONE) {
            if (size == maximumSize) {
                return false;
            }
            size++;
            table.putLong(position, halves.getLong(0));
            table.putLong(position + Long.BYTES, halves.getLong(Long.BYTES));
        }
        if (offset > known) {
            table.putLong(position + 2 * Long.BYTES, offset + 1);
        }
        return true;
    }

    /** The highest offset that was put for a key, {@link #NONE} if none was. */
    long latest(ByteBuffer key) {
        return offsetAt(find(key));
    }

    /** The slot of a key, or the free one where it would be. */
    private int find(ByteBuffer key) {
        digest.update(key.duplicate());
        try {
            digest.digest(hash, 0, DIGEST_SIZE);
        } catch (DigestException impossible) {
            throw new IllegalStateException("SHA-256 has 32 bytes", impossible);
        }
        long first = halves.getLong(0);
        long second = halves.getLong(Long.BYTES);
        int slot = (int) Long.remainderUnsigned(first, slotCount);
        while (true) {
            int position = slot * SLOT_SIZE;
            boolean same = table.getLong(position) == first && table.getLong(position + Long.BYTES) == second;
            if (same || offsetAt(position) == NONE) {
                return position;
            }
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
    }

    private long offsetAt(int position) {
        return table.getLong(position + 2 * Long.BYTES) - 1;
    }
}
