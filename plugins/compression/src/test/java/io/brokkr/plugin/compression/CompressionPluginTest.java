package io.brokkr.plugin.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.StartException;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The codecs as plugins find them in a broker. */
@Timeout(60)
class CompressionPluginTest {

    private static EmbeddedBroker.Builder broker() {
        return EmbeddedBroker.builder().extension(MemoryStorageEngineFactory::new);
    }

    private record Fake(Compression compression) implements CompressionCodec {

        @Override
        public OutputStream compress(OutputStream sink, byte magic) {
            return sink;
        }

        @Override
        public InputStream decompress(InputStream source, byte magic) {
            return source;
        }
    }

    @Test
    void aBrokerHasTheCodecsOfItsPlugins() {
        try (EmbeddedBroker broker = broker().start()) {
            assertThat(broker.services().compressionCodecs()).isEmpty();
        }
        EmbeddedBroker.Builder all = broker();
        Codecs.ALL.forEach(codec -> all.extension(() -> codec));
        try (EmbeddedBroker broker = all.start()) {
            Map<Compression, CompressionCodec> codecs = broker.services().compressionCodecs();
            assertThat(codecs)
                    .containsOnlyKeys(Compression.GZIP, Compression.SNAPPY, Compression.LZ4, Compression.ZSTD);
            codecs.forEach((format, codec) -> assertThat(codec.compression()).isEqualTo(format));
            assertThatThrownBy(codecs::clear).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void twoPluginsWithTheSameFormatAreAStartError() {
        EmbeddedBroker.Builder both = broker().extension(GzipCodec::new).extension(() -> new Fake(Compression.GZIP));
        assertThatThrownBy(both::start)
                .isInstanceOf(StartException.class)
                .hasMessage("the plugins " + GzipCodec.class.getName() + " and " + Fake.class.getName()
                        + " both supply the compression gzip; remove one of them");
    }

    @Test
    void aCodecForWhatIsNotCompressedIsLeftOut() {
        try (EmbeddedBroker broker = broker().extension(() -> new Fake(Compression.NONE))
                .extension(Lz4Codec::new)
                .start()) {
            assertThat(broker.services().compressionCodecs()).containsOnlyKeys(Compression.LZ4);
        }
    }
}
