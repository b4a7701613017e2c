package io.brokkr.protocol.record;

import static java.util.stream.Collectors.toMap;

import io.brokkr.protocol.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;

/** The codecs that there are. A batch whose codec is not among them can be carried, but not opened. Thread-safe. */
public final class CompressionCodecs {

    /** No codec at all. */
    public static final CompressionCodecs NONE = new CompressionCodecs(Map.of());

    private final Map<Compression, CompressionCodec> codecs;

    /** The codecs by their formats. */
    public CompressionCodecs(Map<Compression, CompressionCodec> codecs) {
        this.codecs = Map.copyOf(codecs);
    }

    /** The same formats, each with its {@linkplain CompressionCodec#fastest fastest} codec. */
    public CompressionCodecs fastest() {
        return new CompressionCodecs(
                codecs.values().stream().collect(toMap(CompressionCodec::compression, CompressionCodec::fastest)));
    }

    /** Whether data of a format can be opened; that which is not compressed always can. */
    public boolean opens(Compression compression) {
        return compression == Compression.NONE || codecs.containsKey(compression);
    }

    /**
     * Decompresses, in as much memory as the caller looks at at once, and not more than is good for a broker.
     *
     * @param compressed the bytes from position to limit, which stay untouched until the result is closed
     * @param magic of the message format, see {@link CompressionCodec#compress}
     * @throws InvalidRecordBatchException {@code UNSUPPORTED_COMPRESSION_TYPE} if there is no such codec, {@code INVALID_RECORD} if the bytes do not begin as the format does
     */
    public DecompressedBytes decompress(Compression compression, ByteBuffer compressed, byte magic) {
        InputStream source = streamOf(compressed);
        if (compression == Compression.NONE) {
            return new DecompressedBytes(source, compressed.remaining());
        }
        try {
            return new DecompressedBytes(require(compression).decompress(source, magic), compressed.remaining());
        } catch (IOException malformed) {
            throw new InvalidRecordBatchException(
                    ErrorCode.INVALID_RECORD,
                    "the records are not " + compression + ": " + malformed.getMessage(),
                    malformed);
        }
    }

    private static InputStream streamOf(ByteBuffer bytes) {
        return bytes.hasArray()
                ? new ByteArrayInputStream(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining())
                : new ByteBufferInputStream(bytes.slice());
    }

    /**
     * Compresses what is written to memory.
     *
     * @param magic of the message format, see {@link CompressionCodec#compress}
     * @throws InvalidRecordBatchException {@code UNSUPPORTED_COMPRESSION_TYPE} if there is no such codec, or it does not work here
     */
    public OutputStream compress(Compression compression, GrowingBuffer sink, byte magic) {
        if (compression == Compression.NONE) {
            return sink;
        }
        try {
            return require(compression).compress(sink, magic);
        } catch (IOException unable) {
            // Memory takes everything: it is the codec that cannot begin, as one whose native code does not load here.
            throw new InvalidRecordBatchException(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                    compression + " cannot be written: " + unable.getMessage(),
                    unable);
        }
    }

    private CompressionCodec require(Compression compression) {
        CompressionCodec codec = codecs.get(compression);
        if (codec == null) {
            throw new InvalidRecordBatchException(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                    "no plugin is loaded that opens and writes " + compression
                            + "; the plugin «compression» does, and without it such records are only carried as they are");
        }
        return codec;
    }
}
