package io.brokkr.plugin.compression;

import java.io.IOException;
import java.io.OutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/** Writes a frame with blocks of 64 KiB, independent and without checksums, as Kafka does. {@link Lz4Frame} draws it. */
final class Lz4Output extends BlockOutput {

    private static final int BLOCK_BYTES = 64 * 1024;
    private static final int BLOCK_SIZE = 4 << 4;
    private static final int FLAGS_AT = 4;
    private static final int CHECKSUM_AT = 6;
    private static final LZ4Compressor COMPRESSOR = LZ4Factory.safeInstance().fastCompressor();

    private final OutputStream sink;
    private final byte[] compressed = new byte[Integer.BYTES + COMPRESSOR.maxCompressedLength(BLOCK_BYTES)];

    /**
     * Begins the frame.
     *
     * @param magicInChecksum whether the header's checksum is that of message format 0
     */
    Lz4Output(OutputStream sink, boolean magicInChecksum) throws IOException {
        super(BLOCK_BYTES);
        this.sink = sink;
        byte[] header = new byte[CHECKSUM_AT + 1];
        Lz4Frame.putInt(header, 0, Lz4Frame.MAGIC);
        header[FLAGS_AT] = (byte) (Lz4Frame.VERSION | Lz4Frame.INDEPENDENT_BLOCKS);
        header[FLAGS_AT + 1] = BLOCK_SIZE;
        int from = magicInChecksum ? 0 : FLAGS_AT;
        header[CHECKSUM_AT] = (byte) Lz4Frame.headerChecksum(header, from, CHECKSUM_AT - from);
        sink.write(header);
    }

    @Override
    void writeBlock(byte[] bytes, int count) throws IOException {
        int length = COMPRESSOR.compress(bytes, 0, count, compressed, Integer.BYTES);
        if (length < count) {
            Lz4Frame.putInt(compressed, 0, length);
            sink.write(compressed, 0, Integer.BYTES + length);
        } else {
            Lz4Frame.putInt(compressed, 0, count | Lz4Frame.NOT_COMPRESSED);
            sink.write(compressed, 0, Integer.BYTES);
            sink.write(bytes, 0, count);
        }
    }

    @Override
    public void flush() throws IOException {
        sink.flush();
    }

    @Override
    void end() throws IOException {
        try (sink) {
            sink.write(new byte[Integer.BYTES]);
        }
    }
}
