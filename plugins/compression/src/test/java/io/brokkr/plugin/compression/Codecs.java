package io.brokkr.plugin.compression;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The codecs, used on arrays. */
final class Codecs {

    static final List<CompressionCodec> ALL =
            List.of(new GzipCodec(), new SnappyCodec(), new Lz4Codec(), new ZstdCodec());

    private Codecs() {}

    static CompressionCodec of(Compression format) {
        return ALL.stream()
                .filter(codec -> codec.compression() == format)
                .findFirst()
                .orElseThrow();
    }

    static byte[] compress(Compression format, byte magic, byte[] data) {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        try (OutputStream stream = of(format).compress(sink, magic)) {
            stream.write(data);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return sink.toByteArray();
    }

    static byte[] decompress(Compression format, byte magic, byte[] compressed) throws IOException {
        try (InputStream stream = of(format).decompress(new ByteArrayInputStream(compressed), magic)) {
            return stream.readAllBytes();
        }
    }
}
