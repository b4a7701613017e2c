package io.brokkr.plugin.fetch;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The one codec of these tests; that all four are read and written is for the protocol's tests. */
final class GzipCodec implements CompressionCodec {

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
