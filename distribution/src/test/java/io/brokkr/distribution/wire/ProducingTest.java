package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.ALL;
import static io.brokkr.distribution.wire.RecordCalls.FIRST_PRODUCE_OF_KAFKA;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_FETCH;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.RecordCalls.fetch;
import static io.brokkr.distribution.wire.RecordCalls.oldProduce;
import static io.brokkr.distribution.wire.RecordCalls.produce;
import static io.brokkr.distribution.wire.RecordCalls.produceRequest;
import static io.brokkr.distribution.wire.TestRecords.TIME;
import static io.brokkr.distribution.wire.TestRecords.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.distribution.wire.RecordCalls.Produced;
import io.brokkr.spi.Topic;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Produce, as producers send it. Each test is a fault that a Kafka-compatible broker had. */
class ProducingTest {

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    static IntStream versions() {
        return IntStream.rangeClosed(FIRST_PRODUCE_OF_KAFKA, NEWEST_PRODUCE);
    }

    /** Where it stands first, clients of librdkafka time out although the data is stored; each byte of the response is told here. */
    @Test
    void theThrottleTimeComesAfterTheResponses() {
        try (KafkaConnection connection = BROKER.connect()) {
            for (int version = 0; version <= 2; version++) {
                Topic topic = BROKER.topic();
                WireBytes expected = new WireBytes()
                        .int32(1)
                        .string(topic.name())
                        .int32(1)
                        .int32(0)
                        .int16(0)
                        .int64(0);
                if (version >= 2) {
                    expected.int64(-1);
                }
                if (version >= 1) {
                    expected.int32(0);
                }
                ByteBuffer set = TestRecords.messageSet(version < 2 ? 0 : 1, Compression.NONE, "v");
                assertThat(connection.call(ApiKeys.PRODUCE, version, oldProduce(topic, ALL, set)))
                        .as("Produce version %d", version)
                        .isEqualTo(expected.toBuffer());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void batchesAreNeverEncodedAnew(CompressionType compression) {
        Topic topic = BROKER.topic();
        ByteBuffer sent = batch(Compression.of(compression).build(), "a".repeat(500), "b");
        try (KafkaConnection connection = BROKER.connect()) {
            assertThat(produce(connection, NEWEST_PRODUCE, topic, batch("first"))
                            .baseOffset())
                    .isZero();
            assertThat(produce(connection, NEWEST_PRODUCE, topic, sent).baseOffset())
                    .isEqualTo(1);
            ByteBuffer stored = fetch(connection, NEWEST_FETCH, topic, 1).records();
            // The offset and the leader epoch are the broker's to give; neither is covered by the checksum.
            assertThat(stored).isEqualTo(sent.putLong(0, 1).putInt(TestRecords.LEADER_EPOCH, 0));
        }
    }

    @Test
    void theChecksumIsCrc32cOfAllFromTheAttributesOn() {
        Topic topic = BROKER.topic();
        ByteBuffer batch = batch("v");
        try (KafkaConnection connection = BROKER.connect()) {
            for (int position = TestRecords.BATCH_CHECKSUM; position < batch.limit(); position++) {
                ByteBuffer damaged = batch("v");
                damaged.put(position, (byte) (damaged.get(position) ^ 0x10));
                assertThat(produce(connection, NEWEST_PRODUCE, topic, damaged).error())
                        .as("a damaged byte %d", position)
                        .isEqualTo(Errors.CORRUPT_MESSAGE);
            }
            batch.putInt(TestRecords.LEADER_EPOCH, 0x01020304);
            assertThat(produce(connection, NEWEST_PRODUCE, topic, batch)).isEqualTo(new Produced(Errors.NONE, 0, -1));
            assertThat(TestRecords.values(
                            fetch(connection, NEWEST_FETCH, topic, 0).records()))
                    .containsExactly("v");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void withoutAcknowledgementThereIsNoResponse(int version) {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            connection.send(produceRequest(version, topic, (short) 0, batch("a")), version);
            // The next response on the connection is that to the next request.
            assertThat(produce(connection, version, topic, batch("b")).baseOffset())
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, NEWEST_PRODUCE})
    void withoutAcknowledgementAnErrorClosesTheConnection(int version) {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            if (version < FIRST_PRODUCE_OF_KAFKA) {
                ByteBuffer set = TestRecords.messageSet(1, Compression.NONE, "v");
                connection.send(
                        ApiKeys.PRODUCE, version, oldProduce(topic, 0, set.putInt(TestRecords.MESSAGE_CHECKSUM, 0)));
            } else {
                ByteBuffer damaged = batch("v").putInt(TestRecords.BATCH_CHECKSUM, 0);
                connection.send(produceRequest(version, topic, (short) 0, damaged), version);
            }
            connection.awaitClosed();
        }
    }

    /** Some producers leave it out; searches by time must find the records all the same. */
    @Test
    void aMaximumTimestampThatIsMissingIsNoFault() {
        Topic topic = BROKER.topic();
        ByteBuffer batch = batch("v").putLong(TestRecords.MAX_TIMESTAMP, -1);
        try (KafkaConnection connection = BROKER.connect()) {
            assertThat(produce(connection, NEWEST_PRODUCE, topic, TestRecords.sealBatch(batch)))
                    .isEqualTo(new Produced(Errors.NONE, 0, -1));
            assertThat(TestRecords.values(
                            fetch(connection, NEWEST_FETCH, topic, 0).records()))
                    .containsExactly("v");
            assertThat(OffsetsTest.offsetOf(connection, 7, topic, TIME).offset())
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8, 9, NEWEST_PRODUCE})
    void theAppendTimeIsToldWhereTheBrokerGivesItAndMinusOneOtherwise(int version) {
        Topic brokers = BROKER.topic(1, Map.of("message.timestamp.type", "LogAppendTime"));
        try (KafkaConnection connection = BROKER.connect()) {
            ByteBuffer records =
                    version < FIRST_PRODUCE_OF_KAFKA ? TestRecords.messageSet(1, Compression.NONE, "v") : batch("v");
            assertThat(produce(connection, version, BROKER.topic(), records.duplicate())
                            .logAppendTime())
                    .isEqualTo(-1);
            assertThat(produce(connection, version, brokers, records).logAppendTime())
                    .isGreaterThanOrEqualTo(TIME);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, NEWEST_PRODUCE})
    void aRecordWithoutAKeyIsRefusedByACompactedTopicWithItsOwnError(int version) {
        Topic topic = BROKER.topic(1, Map.of("cleanup.policy", "compact"));
        boolean old = version < FIRST_PRODUCE_OF_KAFKA;
        ByteBuffer keyless = old ? TestRecords.message(1, 0, ByteBuffer.allocate(5)) : TestRecords.keyless("v");
        ByteBuffer keyed = old ? TestRecords.messageSet(1, Compression.NONE, "v") : batch("v");
        try (KafkaConnection connection = BROKER.connect()) {
            assertThat(produce(connection, version, topic, keyless).error()).isEqualTo(Errors.INVALID_RECORD);
            assertThat(produce(connection, version, topic, keyed)).isEqualTo(new Produced(Errors.NONE, 0, -1));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aBatchAboveTheLimitIsRefusedForItsPartitionAlone(int version) {
        Topic small = BROKER.topic(1, Map.of("max.message.bytes", "1000"));
        Topic large = BROKER.topic();
        ByteBuffer big = batch("x".repeat(2_000));
        ProduceRequestData request = produceRequest(version, small, ALL, big.duplicate());
        request.topicData().add(RecordCalls.topicData(version, large, big));
        try (KafkaConnection connection = BROKER.connect()) {
            ProduceResponseData response = connection.call(request, version, new ProduceResponseData());
            assertThat(response.responses())
                    .extracting(topic ->
                            Errors.forCode(topic.partitionResponses().get(0).errorCode()))
                    .containsExactly(Errors.MESSAGE_TOO_LARGE, Errors.NONE);
        }
    }

    @Test
    void topicsAreNamedByTheirIdsFromVersion13On() {
        Topic topic = BROKER.topic();
        TopicProduceData unknown = new TopicProduceData()
                .setTopicId(Uuid.randomUuid())
                .setPartitionData(List.of(
                        new PartitionProduceData().setIndex(0).setRecords(MemoryRecords.readableRecords(batch("v")))));
        ProduceRequestData request = produceRequest(13, topic, ALL, batch("v"));
        request.topicData().add(unknown);
        try (KafkaConnection connection = BROKER.connect()) {
            ProduceResponseData response = connection.call(request, 13, new ProduceResponseData());
            assertThat(response.responses())
                    .extracting(TopicProduceResponse::topicId)
                    .containsExactly(RecordCalls.id(topic), unknown.topicId());
            assertThat(response.responses())
                    .extracting(each ->
                            Errors.forCode(each.partitionResponses().get(0).errorCode()))
                    .containsExactly(Errors.NONE, Errors.UNKNOWN_TOPIC_ID);
        }
    }
}
