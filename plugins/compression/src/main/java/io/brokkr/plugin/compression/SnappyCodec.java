package io.brokkr.plugin.compression;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Snappy. Written as Kafka's clients write it, in the framing of the library snappy-java (xerial), and read both so and as one bare block, as librdkafka, Sarama and
 * franz-go send it or have sent it.
 *
 * <pre>
 * +------------------------------+------------+---------------+- - - - - - - - - - - - - - - - -+
 * | 82 'S' 'N' 'A' 'P' 'P' 'Y' 0 | version: 4 | compatible: 4 | length of a block: 4 | the block | ...
 * +------------------------------+------------+---------------+- - - - - - - - - - - - - - - - -+
 * </pre>
 */
public final class SnappyCodec implements CompressionCodec {

    /** For {@link java.util.ServiceLoader}. */
    public SnappyCodec() {}

    @Override
    public Compression compression() {
        return Compression.SNAPPY;
    }

    @Override
    public OutputStream compress(OutputStream sink, byte magic) throws IOException {
        return new SnappyOutput(sink);
    }

    @Override
    public InputStream decompress(InputStream source, byte magic) {
        return new SnappyInput(source);
    }
}
