package io.brokkr.plugin.compression;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.compression.CompressionDomain.Data;
import io.brokkr.plugin.compression.CompressionDomain.Pieces;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Kafka writes can be read here, and what is written here Kafka reads, in two of its releases. */
@Domain(CompressionDomain.class)
@Domain(DomainContext.Global.class)
class AgainstKafkaTest {

    @Property(tries = 600)
    void readsWhatKafkaWrites(
            @ForAll KafkaCompression kafka,
            @ForAll CompressionCodec codec,
            @ForAll @ByteRange(min = 0, max = 2) byte magic,
            @ForAll Data data,
            @ForAll Pieces pieces)
            throws IOException {
        Compression format = codec.compression();
        byte[] compressed = kafka.compress(format, magic, data.bytes());
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        Random random = pieces.random();
        try (InputStream stream = Codecs.of(format).decompress(new SlowInput(compressed, random), magic)) {
            byte[] piece = new byte[pieces.largest()];
            int count;
            do {
                count = random.nextInt(4) == 0
                        ? readOne(stream, piece)
                        : stream.read(piece, 0, 1 + random.nextInt(piece.length));
                read.write(piece, 0, Math.max(count, 0));
            } while (count >= 0);
            assertThat(stream.read()).isEqualTo(-1);
            assertThat(stream.read(piece)).isEqualTo(-1);
        }
        assertThat(read.toByteArray()).isEqualTo(data.bytes());
    }

    private static int readOne(InputStream stream, byte[] piece) throws IOException {
        int value = stream.read();
        piece[0] = (byte) value;
        return value < 0 ? -1 : 1;
    }

    @Property(tries = 600)
    void kafkaReadsWhatIsWritten(
            @ForAll KafkaCompression kafka,
            @ForAll CompressionCodec codec,
            @ForAll @ByteRange(min = 0, max = 2) byte magic,
            @ForAll boolean fastest,
            @ForAll Data data,
            @ForAll Pieces pieces)
            throws IOException {
        Compression format = codec.compression();
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        Random random = pieces.random();
        try (OutputStream stream = (fastest ? codec.fastest() : codec).compress(sink, magic)) {
            int at = 0;
            while (at < data.bytes().length) {
                int count = Math.min(1 + random.nextInt(pieces.largest()), data.bytes().length - at);
                if (count == 1) {
                    stream.write(data.bytes()[at]);
                } else {
                    stream.write(data.bytes(), at, count);
                }
                at += count;
            }
        }
        assertThat(kafka.decompress(format, magic, sink.toByteArray())).isEqualTo(data.bytes());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void megabytes(Compression format) throws IOException {
        for (String kind : new String[] {"text", "random", "zeros", "runs"}) {
            byte[] data = CompressionDomain.data(kind, 5_000_003, 7).bytes();
            for (KafkaCompression kafka : KafkaCompression.values()) {
                assertThat(Codecs.decompress(format, (byte) 2, kafka.compress(format, (byte) 2, data)))
                        .isEqualTo(data);
                byte[] ours = Codecs.compress(format, (byte) 2, data);
                assertThat(kafka.decompress(format, (byte) 2, ours)).isEqualTo(data);
            }
        }
    }

    /** As small as Kafka's, but for a tenth. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void compressesAsWellAsKafka(Compression format) {
        byte[] data = CompressionDomain.data("text", 500_000, 11).bytes();
        int kafkas = KafkaCompression.NEWEST.compress(format, (byte) 2, data).length;
        assertThat(Codecs.compress(format, (byte) 2, data)).hasSizeLessThan(kafkas + kafkas / 10);
    }

    /** The magic number is part of the checksum in magic 0 and not from magic 1 on, the third byte of which is for Kafka to verify. */
    @Property(tries = 3)
    void theHeaderOfLz4IsKafkas(@ForAll @ByteRange(min = 0, max = 2) byte magic) {
        byte[] ours = Codecs.compress(Compression.LZ4, magic, new byte[100]);
        for (KafkaCompression kafka : KafkaCompression.values()) {
            byte[] kafkas = kafka.compress(Compression.LZ4, magic, new byte[100]);
            assertThat(Arrays.copyOf(ours, 7)).isEqualTo(Arrays.copyOf(kafkas, 7));
        }
    }

    /** Gives out less than it is asked for, as a stream may. */
    private static final class SlowInput extends FilterInputStream {

        private final Random random;

        SlowInput(byte[] bytes, Random random) {
            super(new ByteArrayInputStream(bytes));
            this.random = random;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            return super.read(target, offset, count < 2 ? count : 1 + random.nextInt(count));
        }
    }
}
