package io.brokkr.plugin.compression;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;

/**
 * Zstandard (RFC 8878), with the native library of zstd-jni at Zstandard's default level.
 *
 * <p>A frame says how far back it refers, and that much native memory it may take, as it fills: 128 MiB at most, which Kafka's clients reach with their highest
 * levels and to which Kafka's brokers are bound too. What asks for more is refused.
 */
public final class ZstdCodec implements CompressionCodec {

    private static final int LEVEL = 3;
    private static final int MAX_WINDOW_LOG = 27;
    private static final int PLAIN_BUFFER_BYTES = 16 * 1024;

    /** For {@link java.util.ServiceLoader}. */
    public ZstdCodec() {}

    @Override
    public Compression compression() {
        return Compression.ZSTD;
    }

    @Override
    public OutputStream compress(OutputStream sink, byte magic) throws IOException {
        try {
            return new BufferedOutputStream(
                    new ZstdOutputStreamNoFinalizer(sink, RecyclingBufferPool.INSTANCE, LEVEL), PLAIN_BUFFER_BYTES);
        } catch (LinkageError failure) {
            throw withoutLibrary(failure);
        }
    }

    @Override
    public InputStream decompress(InputStream source, byte magic) throws IOException {
        try {
            ZstdInputStreamNoFinalizer stream =
                    new ZstdInputStreamNoFinalizer(withContent(source), RecyclingBufferPool.INSTANCE);
            return new BufferedInputStream(stream.setLongMax(MAX_WINDOW_LOG), PLAIN_BUFFER_BYTES);
        } catch (LinkageError failure) {
            throw withoutLibrary(failure);
        }
    }

    /** The library takes no bytes at all for no frames. */
    private static InputStream withContent(InputStream source) throws IOException {
        PushbackInputStream content = new PushbackInputStream(source);
        int first = content.read();
        if (first < 0) {
            throw new EOFException("the compressed data ends before it begins");
        }
        content.unread(first);
        return content;
    }

    /** The library unpacks its native part into a temporary folder, which may not allow that, and has none for every machine. */
    private static IOException withoutLibrary(LinkageError failure) {
        return new IOException(
                "the native library of Zstandard cannot be loaded on this machine; it is unpacked into the folder "
                        + System.getProperty("ZstdTempFolder", System.getProperty("java.io.tmpdir"))
                        + ", and -DZstdTempFolder= names another: " + failure.getMessage(),
                failure);
    }
}
