package io.brokkr.storage.log;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the files of a {@link Journal}. All numbers are big-endian.
 *
 * <pre>
 *   the file's first block
 *     magic         8 bytes   these three, and the checksum's place, stay the same in all versions
 *     version       4
 *     ordinal       8         tells the order of files; less than the number of each entry in it
 *     salt          8         drawn anew whenever the file is begun anew, so that nothing older is taken for a part of it
 *     checksum      4         CRC-32C of what stands before it
 *   then rounds, each of which begins at a block of its own: a write that fails cannot harm what was synced before. A round is one entry or more:
 *     checksum      4         CRC-32C of everything behind it
 *     length        4         of the payload
 *     salt          8         the file's
 *     number        8         higher than that of the entry before
 *     topic id     16
 *     partition     4
 *     base offset   8         of the segment
 *     position      8         where in the segment's file the payload belongs
 *     payload                 batches
 * </pre>
 *
 * <p>Entries that are not whole are passed over, see {@link JournalWalk}; behind the last round there may be anything that stood there before the file was begun anew.
 */
final class JournalFormat {

    static final int VERSION = 1;

    /** A page, so that the blocks of a device are no larger. */
    static final int BLOCK_BYTES = 4096;

    static final int FILE_HEADER_BYTES = 32;
    static final int ENTRY_HEADER_BYTES = 60;
    static final int MOST_PAYLOAD_BYTES = 256 << 10;

    /** In an entry. */
    static final int SALT_AT = 8;

    private static final long MAGIC = 0x42726F6B6B724A6EL;
    private static final int CHECKSUM_OF_HEADER_AT = 28;
    private static final int CHECKED_FROM = 4;

    /** A file's beginning. */
    record FileHeader(int version, long ordinal, long salt) {

        ByteBuffer toBytes() {
            ByteBuffer bytes = ByteBuffer.allocate(FILE_HEADER_BYTES)
                    .putLong(MAGIC)
                    .putInt(version)
                    .putLong(ordinal)
                    .putLong(salt);
            return bytes.putInt(checksum(bytes, 0, CHECKSUM_OF_HEADER_AT)).flip();
        }

        /** Null if there is none, as after a crash in the middle of its first write. */
        static @Nullable FileHeader read(ByteBuffer bytes) {
            if (bytes.remaining() < FILE_HEADER_BYTES
                    || bytes.getLong(0) != MAGIC
                    || bytes.getInt(CHECKSUM_OF_HEADER_AT) != checksum(bytes, 0, CHECKSUM_OF_HEADER_AT)) {
                return null;
            }
            return new FileHeader(bytes.getInt(8), bytes.getLong(12), bytes.getLong(20));
        }
    }

    /** What stands before an entry's payload. */
    record EntryHeader(int length, long salt, long number, LogKey log, long baseOffset, long position) {

        int sizeInBytes() {
            return ENTRY_HEADER_BYTES + length;
        }

        /** Writes itself before the payload that is there already. */
        void writeAt(int start, ByteBuffer bytes) {
            bytes.putInt(start + 4, length)
                    .putLong(start + SALT_AT, salt)
                    .putLong(start + 16, number)
                    .putLong(start + 24, log.topicId().getMostSignificantBits())
                    .putLong(start + 32, log.topicId().getLeastSignificantBits())
                    .putInt(start + 40, log.partition())
                    .putLong(start + 44, baseOffset)
                    .putLong(start + 52, position)
                    .putInt(start, checksum(bytes, start + CHECKED_FROM, sizeInBytes() - CHECKED_FROM));
        }
    }

    private JournalFormat() {}

    private static int checksum(ByteBuffer bytes, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate().limit(from + length).position(from));
        return (int) checksum.getValue();
    }

    /** How long the entry at a place says that it is, header and payload; 0 if it cannot be one. */
    static int claimedSize(ByteBuffer bytes, int at, long salt) {
        int length = bytes.getInt(at + 4);
        return length > 0 && length <= MOST_PAYLOAD_BYTES && bytes.getLong(at + SALT_AT) == salt
                ? ENTRY_HEADER_BYTES + length
                : 0;
    }

    /** The entry at a place, all of whose {@link #claimedSize} is there; null if it is not whole. */
    static @Nullable EntryHeader readEntry(ByteBuffer bytes, int at) {
        int length = bytes.getInt(at + 4);
        if (bytes.getInt(at) != checksum(bytes, at + CHECKED_FROM, ENTRY_HEADER_BYTES + length - CHECKED_FROM)) {
            return null;
        }
        return new EntryHeader(
                length,
                bytes.getLong(at + SALT_AT),
                bytes.getLong(at + 16),
                new LogKey(new UUID(bytes.getLong(at + 24), bytes.getLong(at + 32)), bytes.getInt(at + 40)),
                bytes.getLong(at + 44),
                bytes.getLong(at + 52));
    }

    static long nextBlock(long position) {
        return (position + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }
}
