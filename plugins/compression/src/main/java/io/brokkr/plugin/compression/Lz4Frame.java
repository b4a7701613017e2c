package io.brokkr.plugin.compression;

import java.io.IOException;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * What stands around the blocks of LZ4. All numbers have their low bytes first.
 *
 * <pre>
 * +-----------------+-------+------+- - - - - - - - - +-------------+
 * | 0x184D2204: 4   | flags | size | content's size: 8 | checksum: 1 |     the header; the checksum is the second byte of a hash of flags to content's size
 * +-----------------+-------+------+- - - - - - - - - +-------------+
 * +-----------------+- - - - - +- - - - - - - - - - - +
 * | block's size: 4 | block    | block's checksum: 4  |     as often as needed; the size's highest bit says that the block is not compressed
 * +-----------------+- - - - - +- - - - - - - - - - - +
 * +-----------------+- - - - - - - - - - - +
 * | 0: 4            | content's checksum: 4|     the end
 * +-----------------+- - - - - - - - - - - +
 *
 * flags   01 | blocks are independent | blocks have checksums | content's size is there | content's checksum is there | 0 | dictionary
 * size    0 | 4 to 7 for blocks of at most 64 KiB, 256 KiB, 1 MiB, 4 MiB: 3 bits | 0000
 * </pre>
 */
final class Lz4Frame {

    static final int MAGIC = 0x184D2204;
    static final int VERSION = 1 << 6;
    static final int INDEPENDENT_BLOCKS = 1 << 5;
    static final int BLOCK_CHECKSUMS = 1 << 4;
    static final int CONTENT_SIZE = 1 << 3;
    static final int CONTENT_CHECKSUM = 1 << 2;
    static final int CONTENT_SIZE_BYTES = 8;
    static final int NOT_COMPRESSED = 1 << 31;

    private static final int KNOWN_FLAGS =
            VERSION | INDEPENDENT_BLOCKS | BLOCK_CHECKSUMS | CONTENT_SIZE | CONTENT_CHECKSUM;
    private static final int VERSION_BITS = 3 << 6;
    private static final int SMALLEST_SIZE = 4;
    private static final XXHash32 HASH = XXHashFactory.safeInstance().hash32();

    private Lz4Frame() {}

    /**
     * Checks that this is a frame that can be read.
     *
     * @throws IOException if it is not
     */
    static void checkFlags(int flags) throws IOException {
        if ((flags & VERSION_BITS) != VERSION || (flags & ~KNOWN_FLAGS) != 0) {
            throw new IOException("a frame of LZ4 with the flags 0x" + Integer.toHexString(flags) + " is not known");
        }
        if ((flags & INDEPENDENT_BLOCKS) == 0) {
            throw new IOException(
                    "a frame of LZ4 with blocks that refer to each other is not read, as in Apache Kafka");
        }
    }

    /**
     * The largest size of a block, in bytes.
     *
     * @throws IOException if there is no such size
     */
    static int maxBlockBytes(int size) throws IOException {
        int code = size >>> 4;
        if ((size & 0xF) != 0 || code < SMALLEST_SIZE || code > 7) {
            throw new IOException("a frame of LZ4 cannot have blocks of the size 0x" + Integer.toHexString(size));
        }
        return 1 << (8 + 2 * code);
    }

    /** The byte behind the header. */
    static int headerChecksum(byte[] header, int offset, int count) {
        return hash(header, offset, count) >>> 8 & 0xFF;
    }

    static int hash(byte[] bytes, int offset, int count) {
        return HASH.hash(bytes, offset, count, 0);
    }

    static void putInt(byte[] target, int offset, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            target[offset + i] = (byte) (value >>> (8 * i));
        }
    }
}
