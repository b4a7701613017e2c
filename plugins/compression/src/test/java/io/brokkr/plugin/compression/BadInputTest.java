package io.brokkr.plugin.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.brokkr.plugin.compression.CompressionDomain.Data;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.api.Test;

/** Whatever the bytes are, reading them ends, with {@link IOException} or with some bytes, and takes no memory for what they only claim. */
@Domain(CompressionDomain.class)
@Domain(DomainContext.Global.class)
class BadInputTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int STREAM_BYTES = 24 << 20;
    private static final int MOST_READ = 8 << 20;

    /** Reads until the end, or until it is enough. */
    private static void read(Compression format, byte magic, byte[] bytes) throws IOException {
        byte[] piece = new byte[8192];
        int total = 0;
        try (InputStream stream = Codecs.of(format).decompress(new ByteArrayInputStream(bytes), magic)) {
            int count;
            while ((count = stream.read(piece)) >= 0 && total < MOST_READ) {
                total += count;
            }
        }
    }

    private static void readWithinBounds(Compression format, byte magic, byte[] bytes) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            read(format, magic, bytes);
        } catch (IOException expected) {
            assertThat(expected).hasMessageNotContaining("null");
        }
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(STREAM_BYTES);
    }

    @Property(tries = 2000)
    void arbitraryBytes(
            @ForAll CompressionCodec codec,
            @ForAll @ByteRange(min = 0, max = 2) byte magic,
            @ForAll @Size(max = 200) byte[] bytes) {
        Compression format = codec.compression();
        readWithinBounds(format, magic, bytes);
    }

    @Property(tries = 4000)
    void changedBytes(
            @ForAll CompressionCodec codec,
            @ForAll @ByteRange(min = 0, max = 2) byte magic,
            @ForAll Data data,
            @ForAll @IntRange(min = 1, max = 20) int changes,
            @ForAll boolean atTheBeginning,
            @ForAll long seed) {
        Compression format = codec.compression();
        byte[] compressed = Codecs.compress(format, magic, data.bytes());
        Random random = new Random(seed);
        for (int i = 0; i < changes; i++) {
            int within = atTheBeginning ? Math.min(40, compressed.length) : compressed.length;
            compressed[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
        }
        readWithinBounds(format, magic, compressed);
    }

    @Property(tries = 1000)
    void whatEndsTooEarlyIsRefused(
            @ForAll CompressionCodec codec,
            @ForAll @ByteRange(min = 0, max = 2) byte magic,
            @ForAll Data data,
            @ForAll long seed) {
        Compression format = codec.compression();
        byte[] compressed = Codecs.compress(format, magic, data.bytes());
        byte[] cut = Arrays.copyOf(compressed, new Random(seed).nextInt(compressed.length));
        if (format == Compression.SNAPPY && endsWithABlock(compressed, cut.length)) {
            // The framing has no end of its own, here as in Kafka's clients.
            return;
        }
        assertThatThrownBy(() -> Codecs.decompress(format, magic, cut)).isInstanceOf(IOException.class);
    }

    private static boolean endsWithABlock(byte[] framed, int end) {
        int at = 16;
        while (at < end) {
            at += 4 + ByteBuffer.wrap(framed).getInt(at);
        }
        return at == end;
    }

    @Property(tries = 200)
    void aStreamThatHasFailedGoesOnFailing(@ForAll Data data, @ForAll long seed) throws IOException {
        for (Compression format : List.of(Compression.SNAPPY, Compression.LZ4)) {
            byte[] compressed = Codecs.compress(format, (byte) 2, data.bytes());
            compressed[new Random(seed).nextInt(compressed.length)] ^= 0x10;
            InputStream stream = Codecs.of(format).decompress(new ByteArrayInputStream(compressed), (byte) 2);
            try {
                stream.readAllBytes();
            } catch (IOException expected) {
                assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> stream.read(new byte[10])).isInstanceOf(IOException.class);
            }
        }
    }

    /** A megabyte of zeros a thousand times over takes no memory but that of a block, while it is read. */
    @Test
    void aBombIsReadInBoundedMemory() throws IOException {
        byte[] zeros = new byte[1 << 20];
        for (Compression format : List.of(Compression.GZIP, Compression.SNAPPY, Compression.LZ4, Compression.ZSTD)) {
            byte[] compressed = Codecs.compress(format, (byte) 2, new byte[64 << 20]);
            // What the libraries take once, and the streams not again.
            Codecs.decompress(format, (byte) 2, Codecs.compress(format, (byte) 2, new byte[1]));
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long total = 0;
            try (InputStream stream = Codecs.of(format).decompress(new ByteArrayInputStream(compressed), (byte) 2)) {
                int count;
                while ((count = stream.read(zeros)) >= 0) {
                    total += count;
                }
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(total).isEqualTo(64 << 20);
            assertThat(allocated).as("%s", format).isLessThan(1 << 20);
        }
    }

    @Test
    void sizesThatAreOnlyClaimedTakeNoMemory() {
        byte[][] claims = {
            // A bare block of Snappy of four gigabytes, and then a literal of as many.
            {
                (byte) 0xFF,
                (byte) 0xFF,
                (byte) 0xFF,
                (byte) 0xFF,
                0x0F,
                (byte) 0xFC,
                (byte) 0xFE,
                (byte) 0xFF,
                (byte) 0xFF,
                (byte) 0xFF,
                1
            },
            // A framed one of two gigabytes.
            {
                (byte) 0x82,
                'S',
                'N',
                'A',
                'P',
                'P',
                'Y',
                0,
                0,
                0,
                0,
                1,
                0,
                0,
                0,
                1,
                0x7F,
                (byte) 0xFF,
                (byte) 0xFF,
                (byte) 0xFF,
                1,
                0
            },
        };
        for (byte[] claim : claims) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            assertThatThrownBy(() -> Codecs.decompress(Compression.SNAPPY, (byte) 2, claim))
                    .isInstanceOf(IOException.class);
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
        }
        // A frame of Zstandard that refers two gigabytes back: 8 * log, the window descriptor of RFC 8878.
        byte[] window = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) ((31 - 10) << 3), 1, 0, 0};
        assertThatThrownBy(() -> Codecs.decompress(Compression.ZSTD, (byte) 2, window))
                .isInstanceOf(IOException.class);
    }

    @Test
    void nothingAtAllIsOfNoFormat() {
        for (Compression format : List.of(Compression.GZIP, Compression.SNAPPY, Compression.LZ4, Compression.ZSTD)) {
            assertThatThrownBy(() -> Codecs.decompress(format, (byte) 2, new byte[0]))
                    .as("%s", format)
                    .isInstanceOf(IOException.class);
        }
    }
}
