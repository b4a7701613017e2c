package io.brokkr.core.partition;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.protocol.record.CompressionCodecs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The one format that the JDK knows: enough to see what becomes of compressed batches, without a plugin. */
final class GzipCodec implements CompressionCodec {

    static final CompressionCodecs CODECS = new CompressionCodecs(Map.of(Compression.GZIP, new GzipCodec()));

    @Override
    public Compression compression() {
        return Compression.GZIP;
    }

    @Override
    public OutputStream compress(OutputStream sink, byte magic) throws IOException {
        return new GZIPOutputStream(sink);
    }

    @Override
    public InputStream decompress(InputStream source, byte magic) throws IOException {
        return new GZIPInputStream(source);
    }
}
