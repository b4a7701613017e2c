package io.brokkr.plugin.compression;

import java.io.IOException;
import java.io.OutputStream;

/** Blocks of Snappy in the framing that {@link SnappyCodec} draws, as large as snappy-java makes them. */
final class SnappyOutput extends BlockOutput {

    private static final int BLOCK_BYTES = 32 * 1024;
    private static final byte[] HEADER = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1};

    private final OutputStream sink;
    private final SnappyEncoder encoder = new SnappyEncoder(BLOCK_BYTES);

    SnappyOutput(OutputStream sink) throws IOException {
        super(BLOCK_BYTES);
        this.sink = sink;
        sink.write(HEADER);
    }

    @Override
    void writeBlock(byte[] bytes, int count) throws IOException {
        int length = encoder.encode(bytes, count);
        byte[] prefix = {(byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length};
        sink.write(prefix);
        sink.write(encoder.encoded(), 0, length);
    }

    @Override
    public void flush() throws IOException {
        sink.flush();
    }

    @Override
    void end() throws IOException {
        sink.close();
    }
}
