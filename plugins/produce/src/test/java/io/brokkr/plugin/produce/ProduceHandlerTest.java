package io.brokkr.plugin.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.InitProducerIdRequest;
import io.brokkr.protocol.message.InitProducerIdResponse;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceRequest.PartitionProduceData;
import io.brokkr.protocol.message.ProduceRequest.TopicProduceData;
import io.brokkr.protocol.message.ProduceResponse;
import io.brokkr.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Produce and InitProducerId over a socket, on a broker with the memory engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProduceHandlerTest {

    private static final int NEWEST = ProduceRequest.API.highestVersion();
    private static final int BY_NAME = 12;
    private static final short ALL = -1;

    private EmbeddedBroker broker;

    @BeforeAll
    void start() {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(LogStorageEngineFactory::new)
                .extension(ProduceHandlers::new)
                .start();
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    /** A client that then asks for the end of the partition must find its record there, though the log engine makes it durable later. */
    @ParameterizedTest
    @ValueSource(shorts = {1, ALL})
    void whatIsAcknowledgedIsSeen(short acks) throws Exception {
        Topic topic = broker.services()
                .topics()
                .create(new NewTopic("acknowledged-" + acks, 1, 1, Map.of("storage.engine", "log")))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        try (WireClient client = broker.connect()) {
            for (int i = 0; i < 100; i++) {
                only(produce(client, NEWEST, request(NEWEST, topic, acks, batch("a"))));
                long end = broker.services()
                        .partitions()
                        .open(new TopicPartition(topic.name(), 0))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS)
                        .highWatermark();
                assertThat(end).isEqualTo(i + 1L);
            }
        }
    }

    static List<Integer> versionsWithRecordBatches() {
        List<Integer> versions = new ArrayList<>();
        for (int version = 3; version <= NEWEST; version++) {
            versions.add(version);
        }
        return versions;
    }

    @ParameterizedTest
    @MethodSource("versionsWithRecordBatches")
    void everyVersionAppends(int version) throws Exception {
        Topic topic = topic("every-version-" + version);
        try (WireClient client = broker.connect()) {
            for (int i = 0; i < 3; i++) {
                PartitionProduceResponse outcome =
                        only(produce(client, version, request(version, topic, ALL, batch("a", "b"))));
                assertThat(outcome.errorCode()).isEqualTo(ErrorCode.NONE.code());
                assertThat(outcome.baseOffset()).isEqualTo(2L * i);
                assertThat(outcome.logAppendTimeMs()).isEqualTo(-1);
            }
        }
    }

    @Test
    void withoutAcknowledgementThereIsNoResponse() throws Exception {
        Topic topic = topic("no-response");
        try (WireClient client = broker.connect()) {
            client.send(ProduceRequest.API, request(NEWEST, topic, (short) 0, batch("a")), NEWEST);
            PartitionProduceResponse next =
                    only(produce(client, NEWEST, request(NEWEST, topic, (short) 1, batch("b"))));
            assertThat(next.baseOffset()).isEqualTo(1);
        }
    }

    @Test
    void withoutAcknowledgementAnErrorClosesTheConnection() {
        try (WireClient client = broker.connect()) {
            ProduceRequest unknown = request(BY_NAME, "no-such-topic", UUID.randomUUID(), (short) 0, batch("a"));
            client.send(ProduceRequest.API, unknown, BY_NAME);
            client.awaitClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(shorts = {-2, 2, 100})
    void otherAcknowledgementsAreRefused(short acks) throws Exception {
        Topic topic = topic("acks-" + (acks & 0xff));
        try (WireClient client = broker.connect()) {
            PartitionProduceResponse outcome = only(produce(client, NEWEST, request(NEWEST, topic, acks, batch("a"))));
            assertThat(outcome.errorCode()).isEqualTo(ErrorCode.INVALID_REQUIRED_ACKS.code());
        }
    }

    @Test
    void unknownTopicsAreToldByNameAndById() {
        try (WireClient client = broker.connect()) {
            assertThat(only(produce(client, BY_NAME, request(BY_NAME, "nowhere", new UUID(0, 0), ALL, batch("a"))))
                            .errorCode())
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
            assertThat(only(produce(client, NEWEST, request(NEWEST, "", UUID.randomUUID(), ALL, batch("a"))))
                            .errorCode())
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
        }
    }

    @Test
    void whatIsNoBatchIsRefusedAndNothingIsAppended() throws Exception {
        Topic topic = topic("no-batch");
        ByteBuffer corrupt = batch("a");
        corrupt.put(corrupt.limit() - 1, (byte) (corrupt.get(corrupt.limit() - 1) ^ 1));
        ByteBuffer two = ByteBuffer.allocate(2 * batch("a").limit())
                .put(batch("a"))
                .put(batch("a"))
                .flip();
        ByteBuffer cut = batch("a").limit(batch("a").limit() - 1);
        try (WireClient client = broker.connect()) {
            assertThat(error(client, topic, corrupt)).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
            assertThat(error(client, topic, two)).isEqualTo(ErrorCode.INVALID_RECORD);
            assertThat(error(client, topic, cut)).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
            assertThat(error(client, topic, ByteBuffer.allocate(0))).isEqualTo(ErrorCode.INVALID_RECORD);
            assertThat(error(client, topic, null)).isEqualTo(ErrorCode.INVALID_RECORD);
            assertThat(only(produce(client, NEWEST, request(NEWEST, topic, ALL, batch("a"))))
                            .baseOffset())
                    .isZero();
        }
    }

    @Test
    void aBatchAboveTheTopicsLimitIsRefusedForItsPartitionAlone() throws Exception {
        Topic small = broker.services()
                .topics()
                .create(new NewTopic("small", 1, 1, Map.of("max.message.bytes", "1000")))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        Topic large = topic("large");
        ByteBuffer big = batch("x".repeat(2_000));
        ProduceRequest request = ProduceRequest.builder()
                .acks(ALL)
                .timeoutMs(1_000)
                .topicData(List.of(data(small, big.duplicate()), data(large, big.duplicate())))
                .build();
        try (WireClient client = broker.connect()) {
            ProduceResponse response = produce(client, NEWEST, request);
            assertThat(response.responses().get(0).partitionResponses().get(0).errorCode())
                    .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE.code());
            assertThat(response.responses().get(1).partitionResponses().get(0).errorCode())
                    .isEqualTo(ErrorCode.NONE.code());
        }
    }

    @Test
    void pipelinedIdempotentBatchesAreAppendedInOrderAndOnce() throws Exception {
        Topic topic = topic("pipelined");
        try (WireClient client = broker.connect()) {
            long producerId = initProducerId(client, 4).producerId();
            List<Integer> sent = new ArrayList<>();
            for (int sequence = 0; sequence < 50; sequence++) {
                sent.add(client.send(
                        ProduceRequest.API, request(NEWEST, topic, ALL, idempotent(producerId, sequence)), NEWEST));
            }
            // The last five are sent again, as after a lost connection.
            for (int sequence = 45; sequence < 50; sequence++) {
                sent.add(client.send(
                        ProduceRequest.API, request(NEWEST, topic, ALL, idempotent(producerId, sequence)), NEWEST));
            }
            for (int i = 0; i < sent.size(); i++) {
                PartitionProduceResponse outcome =
                        only(client.receive(ProduceRequest.API, NEWEST, sent.get(i), ProduceResponse::read));
                assertThat(outcome.errorCode()).isEqualTo(ErrorCode.NONE.code());
                assertThat(outcome.baseOffset()).isEqualTo(i < 50 ? i : i - 5);
            }
            assertThat(error(client, topic, idempotent(producerId, 60)))
                    .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        }
    }

    @Test
    void producerIdsAreGivenOnceAlsoAcrossARestart() {
        Set<Long> ids = new HashSet<>();
        int count = 0;
        try (WireClient client = broker.connect()) {
            for (int version = 0; version <= InitProducerIdRequest.API.highestVersion(); version++) {
                InitProducerIdResponse response = initProducerId(client, version);
                assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
                assertThat(response.producerEpoch()).isZero();
                ids.add(response.producerId());
                count++;
            }
            for (int i = 0; i < 1_100; i++) {
                ids.add(initProducerId(client, 4).producerId());
                count++;
            }
        }
        broker.restart();
        try (WireClient client = broker.connect()) {
            ids.add(initProducerId(client, 4).producerId());
            count++;
        }
        assertThat(ids).hasSize(count);
    }

    @Test
    void transactionsAreRefused() {
        try (WireClient client = broker.connect()) {
            InitProducerIdResponse response = client.call(
                    InitProducerIdRequest.API,
                    InitProducerIdRequest.builder().transactionalId("payments").build(),
                    4,
                    InitProducerIdResponse::read);
            assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        }
    }

    private ErrorCode error(WireClient client, Topic topic, @Nullable ByteBuffer records) {
        return ErrorCode.forCode(only(produce(client, NEWEST, request(NEWEST, topic, ALL, records)))
                .errorCode());
    }

    private Topic topic(String name) throws Exception {
        return broker.services()
                .topics()
                .create(NewTopic.withDefaults(name))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static InitProducerIdResponse initProducerId(WireClient client, int version) {
        return client.call(
                InitProducerIdRequest.API,
                InitProducerIdRequest.builder().transactionalId(null).build(),
                version,
                InitProducerIdResponse::read);
    }

    private static ProduceResponse produce(WireClient client, int version, ProduceRequest request) {
        return client.call(ProduceRequest.API, request, version, ProduceResponse::read);
    }

    private static PartitionProduceResponse only(ProduceResponse response) {
        assertThat(response.responses()).hasSize(1);
        assertThat(response.responses().get(0).partitionResponses()).hasSize(1);
        return response.responses().get(0).partitionResponses().get(0);
    }

    private static ProduceRequest request(int version, Topic topic, short acks, @Nullable ByteBuffer records) {
        return version <= BY_NAME
                ? request(version, topic.name(), new UUID(0, 0), acks, records)
                : request(version, "", topic.id(), acks, records);
    }

    private static ProduceRequest request(int version, String name, UUID id, short acks, @Nullable ByteBuffer records) {
        return ProduceRequest.builder()
                .acks(acks)
                .timeoutMs(1_000)
                .topicData(List.of(TopicProduceData.builder()
                        .name(version <= BY_NAME ? name : "")
                        .topicId(id)
                        .partitionData(List.of(partition(records)))
                        .build()))
                .build();
    }

    private static TopicProduceData data(Topic topic, ByteBuffer records) {
        return TopicProduceData.builder()
                .topicId(topic.id())
                .partitionData(List.of(partition(records)))
                .build();
    }

    private static PartitionProduceData partition(@Nullable ByteBuffer records) {
        return PartitionProduceData.builder()
                .index(0)
                .records(records == null ? null : RecordData.of(records))
                .build();
    }

    private static ByteBuffer batch(String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (String value : values) {
            builder.append(System.currentTimeMillis(), null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        }
        return builder.build();
    }

    private static ByteBuffer idempotent(long producerId, int sequence) {
        return new RecordBatchBuilder()
                .producer(producerId, (short) 0, sequence)
                .append(System.currentTimeMillis(), null, ByteBuffer.wrap(new byte[] {(byte) sequence}))
                .build();
    }
}
