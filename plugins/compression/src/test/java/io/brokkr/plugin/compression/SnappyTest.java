package io.brokkr.plugin.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.plugin.compression.CompressionDomain.Data;
import io.brokkr.protocol.record.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyOutputStream;

/** Snappy in the forms in which clients send it, with the reference's encoder and decoder as the oracle. */
@Domain(CompressionDomain.class)
@Domain(DomainContext.Global.class)
class SnappyTest {

    private static byte[] decompress(byte[] compressed) throws IOException {
        return Codecs.decompress(Compression.SNAPPY, (byte) 1, compressed);
    }

    @Property(tries = 400)
    void aBareBlock(@ForAll Data data) throws IOException {
        assertThat(decompress(Snappy.compress(data.bytes()))).isEqualTo(data.bytes());
    }

    @Property(tries = 400)
    void theReferenceReadsOurBlocks(@ForAll Data data) throws IOException {
        int count = Math.min(data.bytes().length, 1 << 16);
        SnappyEncoder encoder = new SnappyEncoder(1 << 16);
        int length = encoder.encode(data.bytes(), count);
        assertThat(Snappy.uncompress(Arrays.copyOf(encoder.encoded(), length)))
                .isEqualTo(Arrays.copyOf(data.bytes(), count));
    }

    @Property(tries = 100)
    void framedWithBlocksOfAnySizeAndStreamsOneAfterTheOther(@ForAll Data data, @ForAll Data more) throws IOException {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        for (Data part : new Data[] {data, more}) {
            try (SnappyOutputStream stream = new SnappyOutputStream(sink, 1024 << (part.bytes().length % 9))) {
                stream.write(part.bytes());
            }
        }
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(data.bytes());
        both.write(more.bytes());
        assertThat(decompress(sink.toByteArray())).isEqualTo(both.toByteArray());
    }

    /** As a broker of another make does. */
    @Test
    void versionsInTheWrongOrderOfBytesAreReadToo() throws IOException {
        byte[] framed = Codecs.compress(Compression.SNAPPY, (byte) 2, new byte[] {1, 2, 3});
        System.arraycopy(new byte[] {1, 0, 0, 0, 1, 0, 0, 0}, 0, framed, 8, 8);
        assertThat(decompress(framed)).containsExactly(1, 2, 3);
    }

    /** S2, with which franz-go writes Snappy, refers further back than the reference does. */
    @Test
    void copiesFromFarBack() throws IOException {
        byte[] data = new byte[(4 << 20) + 64];
        new Random(3).nextBytes(data);
        System.arraycopy(data, 0, data, 4 << 20, 64);
        assertThat(decompress(literalAndCopy(data, data.length - 64))).isEqualTo(data);
        byte[] farther = Arrays.copyOf(data, SnappyDecoder.MAX_DISTANCE_BYTES + 1 + 64);
        assertThatThrownBy(() -> decompress(literalAndCopy(farther, farther.length - 64)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bytes back");
    }

    /** The window moves, and nothing is lost that may be referred to. */
    @Test
    void aBareBlockThatIsLargerThanTheWindow() throws IOException {
        byte[] data = CompressionDomain.data("runs", 40 << 20, 5).bytes();
        assertThat(decompress(Snappy.compress(data))).isEqualTo(data);
    }

    private static byte[] literalAndCopy(byte[] data, int literal) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int length = data.length;
        while (length >= 0x80) {
            block.write(length | 0x80);
            length >>>= 7;
        }
        block.write(length);
        block.write(62 << 2);
        block.write(literal - 1);
        block.write((literal - 1) >>> 8);
        block.write((literal - 1) >>> 16);
        block.write(data, 0, literal);
        block.write(63 << 2 | 3);
        for (int shift = 0; shift < 32; shift += 8) {
            block.write(literal >>> shift);
        }
        return block.toByteArray();
    }
}
