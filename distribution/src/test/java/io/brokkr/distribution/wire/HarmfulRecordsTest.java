package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.FIRST_PRODUCE_OF_KAFKA;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_FETCH;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.RecordCalls.fetch;
import static io.brokkr.distribution.wire.RecordCalls.produce;
import static io.brokkr.distribution.wire.TestRecords.GZIP;
import static io.brokkr.distribution.wire.TestRecords.batch;
import static io.brokkr.distribution.wire.TestRecords.message;
import static io.brokkr.distribution.wire.TestRecords.messageSet;
import static io.brokkr.distribution.wire.TestRecords.sealBatch;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.distribution.wire.RecordCalls.Produced;
import io.brokkr.spi.Topic;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that are made to do harm: each is refused with an error of its own, nothing of it is kept, and the connection goes on. */
class HarmfulRecordsTest {

    private static final int MIB = 1 << 20;

    /** More than is ever opened of so few bytes. */
    private static final int BOMB_MIB = 40;

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    private interface Content {
        void writeTo(OutputStream stream) throws IOException;
    }

    private static ByteBuffer compressed(Compression compression, int magic, Content content) {
        ByteBufferOutputStream sink = new ByteBufferOutputStream(MIB);
        try (OutputStream stream = compression.wrapForOutput(sink, (byte) magic)) {
            content.writeTo(stream);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return sink.buffer().flip();
    }

    private static ByteBuffer compressed(Compression compression, int magic, ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return compressed(compression, magic, stream -> stream.write(bytes));
    }

    /** What a wrapper of messages holds. */
    static ByteBuffer gzip(ByteBuffer content) {
        return compressed(Compression.gzip().build(), 1, content);
    }

    /** A topic with a setting of its own, whose limit for batches is not what the records here are refused for. */
    private static Topic roomy(String setting, String value) {
        return BROKER.topic(1, Map.of(setting, value, "max.message.bytes", Integer.toString(64 * MIB)));
    }

    /** Sends records that must be refused, and then looks whether the connection and the partition are as they were. */
    private static void checkRefused(int version, Topic topic, ByteBuffer records, Errors error) {
        ByteBuffer sound = version < FIRST_PRODUCE_OF_KAFKA
                ? messageSet(version < 2 ? 0 : 1, Compression.NONE, "sound")
                : batch("sound");
        try (KafkaConnection connection = BROKER.connect()) {
            long end = fetch(connection, NEWEST_FETCH, topic, 0).highWatermark();
            assertThat(produce(connection, version, topic, records).error()).isEqualTo(error);
            assertThat(produce(connection, version, topic, sound)).isEqualTo(new Produced(Errors.NONE, end, -1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aCorruptMessageSet(int version) {
        Topic topic = BROKER.topic();
        int magic = version < 2 ? 0 : 1;
        ByteBuffer plain = messageSet(magic, Compression.NONE, "a", "b");
        checkRefused(version, topic, plain.duplicate().limit(plain.limit() - 1), Errors.CORRUPT_MESSAGE);
        ByteBuffer damaged = messageSet(magic, Compression.NONE, "a", "b");
        damaged.put(damaged.limit() - 1, (byte) 'c');
        checkRefused(version, topic, damaged, Errors.CORRUPT_MESSAGE);
        checkRefused(version, topic, message(magic, GZIP, gzip(damaged)), Errors.CORRUPT_MESSAGE);
        ByteBuffer hugeSize = plain.putInt(8, Integer.MAX_VALUE);
        checkRefused(version, topic, hugeSize, Errors.CORRUPT_MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aWrapperOfAMillionMessages(int version) {
        int magic = version < 2 ? 0 : 1;
        ByteBuffer inner = message(magic, 0, ByteBuffer.allocate(0));
        WireBytes thousand = new WireBytes();
        for (int i = 0; i < 1_000; i++) {
            thousand.raw(inner);
        }
        byte[] content = thousand.toBuffer().array();
        ByteBuffer million = compressed(Compression.gzip().build(), magic, stream -> {
            for (int i = 0; i < 1_000; i++) {
                stream.write(content);
            }
        });
        assertThat(million.remaining()).as("compressed").isLessThan(MIB);
        checkRefused(version, roomy("retention.ms", "-1"), message(magic, GZIP, million), Errors.MESSAGE_TOO_LARGE);
    }

    /** The number of records of a batch is in its header, and costs nothing to claim. */
    @Test
    void aBatchThatClaimsAMillionRecords() {
        ByteBuffer claim = batch("v").putInt(57, 1_000_000).putInt(23, 999_999);
        Topic compacted = BROKER.topic(1, Map.of("cleanup.policy", "compact"));
        checkRefused(NEWEST_PRODUCE, compacted, sealBatch(claim), Errors.INVALID_RECORD);
        ByteBuffer lie = batch("v").putInt(57, 1_000_000);
        checkRefused(NEWEST_PRODUCE, BROKER.topic(), sealBatch(lie), Errors.INVALID_RECORD);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void wrappersInAWrapper(int version) {
        int magic = version < 2 ? 0 : 1;
        ByteBuffer wrapper = message(magic, GZIP, gzip(messageSet(magic, Compression.NONE, "v")));
        ByteBuffer nested = message(magic, GZIP, gzip(wrapper));
        checkRefused(version, BROKER.topic(), nested, Errors.INVALID_RECORD);
    }

    /** Each of the formats that message sets may have, full of a message that claims a gigabyte. */
    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"NONE", "ZSTD"},
            mode = Mode.EXCLUDE)
    void aBombInAMessageSet(CompressionType format) {
        byte[] zeros = new byte[MIB];
        byte[] claim = new WireBytes().int64(0).int32(1 << 30).toBuffer().array();
        Topic topic = roomy("retention.ms", "-1");
        for (int version = 1; version <= 2; version++) {
            int magic = version - 1;
            ByteBuffer bomb = compressed(Compression.of(format).build(), magic, stream -> {
                stream.write(claim);
                for (int i = 0; i < BOMB_MIB; i++) {
                    stream.write(zeros);
                }
            });
            checkRefused(version, topic, message(magic, format.id, bomb), Errors.MESSAGE_TOO_LARGE);
        }
    }

    /** Each format, in a batch that the broker must open: for its keys, or because the topic's records are kept otherwise. */
    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = Mode.EXCLUDE)
    void aBombInABatchThatMustBeOpened(CompressionType format) {
        byte[] zeros = new byte[MIB];
        ByteBuffer records = compressed(Compression.of(format).build(), 2, stream -> {
            // The varint of a record of a gigabyte.
            stream.write(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 8});
            for (int i = 0; i < BOMB_MIB; i++) {
                stream.write(zeros);
            }
        });
        ByteBuffer header = batch("v").limit(61);
        ByteBuffer bomb = new WireBytes().raw(header).raw(records).toBuffer();
        bomb.putInt(8, bomb.limit() - TestRecords.MESSAGE_OVERHEAD).putShort(TestRecords.BATCH_ATTRIBUTES, format.id);
        sealBatch(bomb);
        checkRefused(NEWEST_PRODUCE, roomy("cleanup.policy", "compact"), bomb.duplicate(), Errors.MESSAGE_TOO_LARGE);
        Topic uncompressed = BROKER.topic(
                1, Map.of("compression.type", "uncompressed", "max.message.bytes", Integer.toString(16 * MIB)));
        checkRefused(NEWEST_PRODUCE, uncompressed, bomb, Errors.MESSAGE_TOO_LARGE);
    }

    /** KIP-110: a consumer of that age could not read it either. */
    @Test
    void zstandardBelowTheVersionThatHasIt() {
        ByteBuffer zstd = batch(Compression.zstd().build(), "v");
        for (int version = FIRST_PRODUCE_OF_KAFKA; version <= 6; version++) {
            checkRefused(version, BROKER.topic(), zstd.duplicate(), Errors.UNSUPPORTED_COMPRESSION_TYPE);
        }
        try (KafkaConnection connection = BROKER.connect()) {
            for (int version = 7; version <= NEWEST_PRODUCE; version++) {
                assertThat(produce(connection, version, BROKER.topic(), zstd.duplicate())
                                .error())
                        .isEqualTo(Errors.NONE);
            }
        }
        for (int version = 0; version <= 2; version++) {
            int magic = version < 2 ? 0 : 1;
            ByteBuffer sound = compressed(Compression.zstd().build(), magic, messageSet(magic, Compression.NONE, "v"));
            checkRefused(version, BROKER.topic(), message(magic, TestRecords.ZSTD, sound), Errors.INVALID_RECORD);
        }
    }

    /** What counts is the topic's setting, as in Kafka; what a producer chose by itself is sent without a look. */
    @Test
    void zstandardBelowTheFetchThatHasIt() {
        Topic topic = BROKER.topic(1, Map.of("compression.type", "zstd"));
        try (KafkaConnection connection = BROKER.connect()) {
            for (int version = 0; version <= NEWEST_FETCH; version++) {
                assertThat(fetch(connection, version, topic, 0).error())
                        .as("Fetch version %d", version)
                        .isEqualTo(version < 10 ? Errors.UNSUPPORTED_COMPRESSION_TYPE : Errors.NONE);
            }
        }
    }

    @Test
    void aMessageSetWhereOnlyBatchesBelong() {
        for (int version = FIRST_PRODUCE_OF_KAFKA; version <= NEWEST_PRODUCE; version++) {
            Topic topic = BROKER.topic();
            checkRefused(version, topic, messageSet(1, Compression.NONE, "v"), Errors.INVALID_RECORD);
        }
    }
}
