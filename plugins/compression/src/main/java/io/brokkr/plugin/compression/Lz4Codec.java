package io.brokkr.plugin.compression;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The LZ4 frame format. What Kafka never wrote and never read is refused: blocks that refer to each other, and dictionaries.
 *
 * <p>In message format 0, Kafka's Java clients computed the checksum of the frame's header over its magic number too (KIP-57), so it is written like this there. It is not
 * verified in the formats 0 and 1, where clients did both.
 *
 * <p>The blocks are the business of lz4-java, of which that implementation is used that is nothing but Java: what it makes of garbage is an exception at worst.
 */
public final class Lz4Codec implements CompressionCodec {

    /** For {@link java.util.ServiceLoader}. */
    public Lz4Codec() {}

    @Override
    public Compression compression() {
        return Compression.LZ4;
    }

    @Override
    public OutputStream compress(OutputStream sink, byte magic) throws IOException {
        return new Lz4Output(sink, magic == 0);
    }

    @Override
    public InputStream decompress(InputStream source, byte magic) {
        return new Lz4Input(source, magic >= 2);
    }
}
