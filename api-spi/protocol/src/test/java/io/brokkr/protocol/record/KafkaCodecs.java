package io.brokkr.protocol.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** Codecs made of those of Kafka's clients. */
final class KafkaCodecs {

    static final CompressionCodecs ALL = all();

    private KafkaCodecs() {}

    private static CompressionCodecs all() {
        Map<Compression, CompressionCodec> codecs = new EnumMap<>(Compression.class);
        for (Compression compression : Compression.values()) {
            if (compression != Compression.NONE) {
                codecs.put(compression, new Codec(compression));
            }
        }
        return new CompressionCodecs(codecs);
    }

    static org.apache.kafka.common.compress.Compression kafka(Compression compression) {
        return org.apache.kafka.common.compress.Compression.of(CompressionType.forId(compression.code()))
                .build();
    }

    private record Codec(Compression compression) implements CompressionCodec {

        @Override
        public OutputStream compress(OutputStream sink, byte magic) {
            return kafka(compression).wrapForOutput(new Forwarding(sink), magic);
        }

        @Override
        public InputStream decompress(InputStream source, byte magic) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(source.readAllBytes());
            try {
                return new Checked(kafka(compression).wrapForInput(bytes, magic, BufferSupplier.NO_CACHING));
            } catch (RuntimeException | Error malformed) {
                throw new IOException(malformed);
            }
        }
    }

    /** Kafka's streams throw what they like at malformed bytes, Snappy's even errors. */
    private static final class Checked extends InputStream {

        private final InputStream source;

        Checked(InputStream source) {
            this.source = source;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return source.read(target, offset, length);
            } catch (RuntimeException | Error malformed) {
                throw new IOException(malformed);
            }
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }

    private static final class Forwarding extends ByteBufferOutputStream {

        private final OutputStream sink;

        Forwarding(OutputStream sink) {
            super(0);
            this.sink = sink;
        }

        @Override
        public void write(int oneByte) {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                sink.write(bytes, offset, length);
            } catch (IOException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }
}
