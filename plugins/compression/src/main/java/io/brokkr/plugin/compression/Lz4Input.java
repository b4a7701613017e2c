package io.brokkr.plugin.compression;

import java.io.IOException;
import java.io.InputStream;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** Reads one frame, block by block; {@link Lz4Frame} draws it. As in Kafka, what comes behind the frame is nobody's business. */
final class Lz4Input extends BlockInput {

    private static final LZ4SafeDecompressor DECOMPRESSOR =
            LZ4Factory.safeInstance().safeDecompressor();

    /** A block of LZ4 can hold not quite so many times its size. */
    private static final int HIGHEST_RATIO = 255;

    private static final int SMALLEST_HEADER_BYTES = 2;

    private final CompressedInput input;
    private final boolean verifyHeader;
    private byte[] compressed = new byte[0];
    private byte[] block = new byte[0];
    private int flags;
    private int maxBlockBytes;
    private boolean begun;
    private boolean ended;

    Lz4Input(InputStream source, boolean verifyHeader) {
        input = new CompressedInput(source);
        this.verifyHeader = verifyHeader;
    }

    @Override
    boolean nextPiece() throws IOException {
        if (!begun) {
            readHeader();
            begun = true;
        }
        if (ended) {
            return false;
        }
        int size = input.nextLittleEndianInt();
        if (size == 0) {
            end();
            return false;
        }
        readBlock(size);
        return true;
    }

    private void readHeader() throws IOException {
        int magic = input.nextLittleEndianInt();
        if (magic != Lz4Frame.MAGIC) {
            throw new IOException("a frame of LZ4 does not begin with 0x" + Integer.toHexString(magic));
        }
        byte[] header = new byte[SMALLEST_HEADER_BYTES + Lz4Frame.CONTENT_SIZE_BYTES];
        input.read(header, 0, SMALLEST_HEADER_BYTES);
        flags = header[0] & 0xFF;
        Lz4Frame.checkFlags(flags);
        maxBlockBytes = Lz4Frame.maxBlockBytes(header[1] & 0xFF);
        int length = SMALLEST_HEADER_BYTES;
        if ((flags & Lz4Frame.CONTENT_SIZE) != 0) {
            input.read(header, length, Lz4Frame.CONTENT_SIZE_BYTES);
            length += Lz4Frame.CONTENT_SIZE_BYTES;
        }
        if (input.next() != Lz4Frame.headerChecksum(header, 0, length) && verifyHeader) {
            throw new IOException("the checksum of the header of a frame of LZ4 is wrong");
        }
    }

    private void readBlock(int size) throws IOException {
        int length = size & ~Lz4Frame.NOT_COMPRESSED;
        if (length > maxBlockBytes) {
            throw new IOException("a block of LZ4 of " + length + " bytes in a frame with at most " + maxBlockBytes);
        }
        compressed = roomy(compressed, length);
        input.read(compressed, 0, length);
        if ((flags & Lz4Frame.BLOCK_CHECKSUMS) != 0
                && input.nextLittleEndianInt() != Lz4Frame.hash(compressed, 0, length)) {
            throw new IOException("the checksum of a block of LZ4 is wrong");
        }
        if ((size & Lz4Frame.NOT_COMPRESSED) != 0) {
            offer(compressed, 0, length);
            return;
        }
        block = roomy(block, (int) Math.min(maxBlockBytes, (long) HIGHEST_RATIO * length));
        try {
            offer(
                    block,
                    0,
                    DECOMPRESSOR.decompress(compressed, 0, length, block, 0, Math.min(maxBlockBytes, block.length)));
        } catch (LZ4Exception malformed) {
            throw new IOException("a block of LZ4 is malformed", malformed);
        }
    }

    /** The checksum of the content is passed over, as Kafka does: the batch around it has one of its own, which was verified long ago. */
    private void end() throws IOException {
        if ((flags & Lz4Frame.CONTENT_CHECKSUM) != 0) {
            input.skip(Integer.BYTES);
        }
        ended = true;
    }

    private static byte[] roomy(byte[] array, int bytes) {
        return array.length >= bytes ? array : new byte[bytes];
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
