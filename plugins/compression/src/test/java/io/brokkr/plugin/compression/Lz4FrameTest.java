package io.brokkr.plugin.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.plugin.compression.CompressionDomain.Data;
import io.brokkr.protocol.record.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.api.Test;

/** Frames as other writers of LZ4 make them. */
@Domain(CompressionDomain.class)
@Domain(DomainContext.Global.class)
class Lz4FrameTest {

    private static byte[] frame(byte[] data, BLOCKSIZE size, FLG.Bits... flags) throws IOException {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        try (LZ4FrameOutputStream stream = Arrays.asList(flags).contains(FLG.Bits.CONTENT_SIZE)
                ? new LZ4FrameOutputStream(sink, size, data.length, flags)
                : new LZ4FrameOutputStream(sink, size, flags)) {
            stream.write(data);
        }
        return sink.toByteArray();
    }

    private static FLG.Bits[] flags(boolean size, boolean block, boolean content) {
        List<FLG.Bits> flags = new ArrayList<>(List.of(FLG.Bits.BLOCK_INDEPENDENCE));
        if (size) {
            flags.add(FLG.Bits.CONTENT_SIZE);
        }
        if (block) {
            flags.add(FLG.Bits.BLOCK_CHECKSUM);
        }
        if (content) {
            flags.add(FLG.Bits.CONTENT_CHECKSUM);
        }
        return flags.toArray(FLG.Bits[]::new);
    }

    @Property(tries = 300)
    void framesWithAllThatTheFormatHas(
            @ForAll Data data,
            @ForAll BLOCKSIZE blockSize,
            @ForAll boolean contentSize,
            @ForAll boolean blockChecksums,
            @ForAll boolean contentChecksum,
            @ForAll @ByteRange(min = 0, max = 2) byte magic)
            throws IOException {
        byte[] frame = frame(data.bytes(), blockSize, flags(contentSize, blockChecksums, contentChecksum));
        assertThat(Codecs.decompress(Compression.LZ4, magic, frame)).isEqualTo(data.bytes());
    }

    @Test
    void checksumsAreVerified() throws IOException {
        byte[] data = CompressionDomain.data("random", 1000, 1).bytes();
        byte[] block = frame(data, BLOCKSIZE.SIZE_64KB, flags(false, true, false));
        block[500] ^= 1;
        assertThatThrownBy(() -> Codecs.decompress(Compression.LZ4, (byte) 2, block))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checksum of a block");
        byte[] header = Codecs.compress(Compression.LZ4, (byte) 2, data);
        header[6] ^= 1;
        assertThatThrownBy(() -> Codecs.decompress(Compression.LZ4, (byte) 2, header))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checksum of the header");
    }

    /** KIP-57: the two checksums of headers that there are in the formats 0 and 1. */
    @Test
    void theOldHeadersAreReadInTheOldFormatsAndInThemAlone() throws IOException {
        byte[] data = {1, 2, 3, 4};
        byte[] old = Codecs.compress(Compression.LZ4, (byte) 0, data);
        byte[] right = Codecs.compress(Compression.LZ4, (byte) 1, data);
        assertThat(old[6]).isNotEqualTo(right[6]);
        for (byte magic = 0; magic <= 1; magic++) {
            assertThat(Codecs.decompress(Compression.LZ4, magic, old)).isEqualTo(data);
            assertThat(Codecs.decompress(Compression.LZ4, magic, right)).isEqualTo(data);
        }
        assertThatThrownBy(() -> Codecs.decompress(Compression.LZ4, (byte) 2, old))
                .isInstanceOf(IOException.class);
    }

    @Test
    void blocksThatReferToEachOtherAreRefused() {
        byte[] frame = Codecs.compress(Compression.LZ4, (byte) 1, new byte[10]);
        frame[4] = (byte) Lz4Frame.VERSION;
        assertThatThrownBy(() -> Codecs.decompress(Compression.LZ4, (byte) 1, frame))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refer to each other");
    }
}
