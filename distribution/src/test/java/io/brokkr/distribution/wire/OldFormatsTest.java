package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.NEWEST_FETCH;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.RecordCalls.fetch;
import static io.brokkr.distribution.wire.RecordCalls.produce;
import static io.brokkr.distribution.wire.TestRecords.GZIP;
import static io.brokkr.distribution.wire.TestRecords.MAGIC;
import static io.brokkr.distribution.wire.TestRecords.batch;
import static io.brokkr.distribution.wire.TestRecords.messageSet;
import static io.brokkr.distribution.wire.TestRecords.offsets;
import static io.brokkr.distribution.wire.TestRecords.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.distribution.wire.RecordCalls.Produced;
import io.brokkr.distribution.wire.TestRecords.Seen;
import io.brokkr.spi.Topic;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The message sets of clients before Kafka 0.11. Each test is a fault that a Kafka-compatible broker had. */
class OldFormatsTest {

    private static final int KEY_IN_MAGIC_0 = 18;
    private static final int KEY_IN_MAGIC_1 = 26;

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    /** Sarama writes 0 into all of them, inner and outer. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void messagesAreCountedAndTheirOffsetsNotTrusted(int version) {
        Topic topic = BROKER.topic();
        int magic = version < 2 ? 0 : 1;
        ByteBuffer plain = messageSet(magic, Compression.NONE, "a", "b", "c");
        for (int position = 0; position < plain.limit(); position += 12 + plain.getInt(position + 8)) {
            plain.putLong(position, 0);
        }
        ByteBuffer wrapper = TestRecords.message(magic, GZIP, HarmfulRecordsTest.gzip(plain));
        try (KafkaConnection connection = BROKER.connect()) {
            assertThat(produce(connection, version, topic, plain)).isEqualTo(new Produced(Errors.NONE, 0, -1));
            assertThat(produce(connection, version, topic, wrapper)).isEqualTo(new Produced(Errors.NONE, 3, -1));
            assertThat(produce(connection, version, topic, plain)).isEqualTo(new Produced(Errors.NONE, 6, -1));
            assertThat(offsets(fetch(connection, NEWEST_FETCH, topic, 0).records()))
                    .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theChecksumIsCrc32OfAllFromTheMagicOn(int version) {
        Topic topic = BROKER.topic();
        int magic = version < 2 ? 0 : 1;
        int size = messageSet(magic, Compression.NONE, "v").limit();
        try (KafkaConnection connection = BROKER.connect()) {
            for (int position = TestRecords.MESSAGE_CHECKSUM; position < size; position++) {
                ByteBuffer damaged = messageSet(magic, Compression.NONE, "v");
                damaged.put(position, (byte) (damaged.get(position) ^ 0x10));
                assertThat(produce(connection, version, topic, damaged).error())
                        .as("a damaged byte %d", position)
                        .isEqualTo(Errors.CORRUPT_MESSAGE);
            }
            assertThat(produce(connection, version, topic, messageSet(magic, Compression.NONE, "v")))
                    .as("nothing was appended, and the connection is in order")
                    .isEqualTo(new Produced(Errors.NONE, 0, -1));
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "2,1", "3,1"})
    void consumersGetTheFormatOfTheirVersion(int version, int magic) {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch("a", "b"));
            produce(connection, 2, topic, messageSet(1, Compression.NONE, "c"));
            produce(connection, 0, topic, messageSet(0, Compression.gzip().build(), "d", "e"));
            ByteBuffer records = fetch(connection, version, topic, 0).records();
            assertThat(records.get(MAGIC)).isEqualTo((byte) magic);
            assertThat(seen(records))
                    .containsExactly(
                            new Seen(magic, 0, "a"),
                            new Seen(magic, 1, "b"),
                            new Seen(magic, 2, "c"),
                            new Seen(magic, 3, "d"),
                            new Seen(magic, 4, "e"));
        }
    }

    /**
     * The wrapper has the offset of its last message. Inside of it, those of the log stand in format 0, and those that count from its first message in format 1.
     */
    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "2,1", "3,1"})
    void wrappersHaveTheOffsetsThatConsumersOfTheFormatExpect(int version, int magic) throws IOException {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch("a", "b"));
            produce(connection, NEWEST_PRODUCE, topic, batch(Compression.gzip().build(), "c", "d", "e"));
            ByteBuffer wrapper = fetch(connection, version, topic, 2).records();
            assertThat(wrapper.getLong(0)).isEqualTo(4);
            assertThat(wrapper.get(MAGIC)).isEqualTo((byte) magic);
            assertThat(wrapper.get(MAGIC + 1) & 7).isEqualTo(GZIP);

            int key = magic == 0 ? KEY_IN_MAGIC_0 : KEY_IN_MAGIC_1;
            assertThat(wrapper.getInt(key)).as("length of the key").isEqualTo(-1);
            byte[] compressed = new byte[wrapper.getInt(key + 4)];
            wrapper.get(key + 8, compressed);
            ByteBuffer inner =
                    ByteBuffer.wrap(new GZIPInputStream(new ByteArrayInputStream(compressed)).readAllBytes());
            for (int i = 0; i < 3; i++) {
                assertThat(inner.getLong(inner.position())).isEqualTo(magic == 0 ? 2 + i : i);
                assertThat(inner.get(inner.position() + MAGIC)).isEqualTo((byte) magic);
                inner.position(inner.position() + 12 + inner.getInt(inner.position() + 8));
            }
            assertThat(inner.remaining()).isZero();
        }
    }
}
