package io.brokkr.plugin.compression;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The gzip file format (RFC 1952), with the JDK's own zlib: at its default level, as Kafka's, unless the {@linkplain #fastest fastest} is asked for. */
public final class GzipCodec implements CompressionCodec {

    private static final int COMPRESSED_BUFFER_BYTES = 8 * 1024;
    private static final int PLAIN_BUFFER_BYTES = 16 * 1024;

    private final int level;

    /** For {@link java.util.ServiceLoader}. */
    public GzipCodec() {
        this(Deflater.DEFAULT_COMPRESSION);
    }

    private GzipCodec(int level) {
        this.level = level;
    }

    @Override
    public Compression compression() {
        return Compression.GZIP;
    }

    @Override
    public OutputStream compress(OutputStream sink, byte magic) throws IOException {
        return new BufferedOutputStream(new LevelledOutputStream(sink, level), PLAIN_BUFFER_BYTES);
    }

    @Override
    public InputStream decompress(InputStream source, byte magic) throws IOException {
        return new BufferedInputStream(new GZIPInputStream(source, COMPRESSED_BUFFER_BYTES), PLAIN_BUFFER_BYTES);
    }

    /** Three to four times as fast, for a fifth more bytes. */
    @Override
    public CompressionCodec fastest() {
        return new GzipCodec(Deflater.BEST_SPEED);
    }

    /** The JDK's stream takes no level, and shows its deflater to subclasses alone. */
    private static final class LevelledOutputStream extends GZIPOutputStream {
        LevelledOutputStream(OutputStream sink, int level) throws IOException {
            super(sink, COMPRESSED_BUFFER_BYTES);
            def.setLevel(level);
        }
    }
}
