package io.brokkr.plugin.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceRequest.PartitionProduceData;
import io.brokkr.protocol.message.ProduceRequest.TopicProduceData;
import io.brokkr.protocol.message.ProduceResponse;
import io.brokkr.protocol.message.ProduceResponse.TopicProduceResponse;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.QuotaType;
import io.brokkr.spi.security.Resource;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.TestAuthorizer;
import io.brokkr.testkit.TestQuota;
import io.brokkr.testkit.WireClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Who may write to what, and what it costs, at every version. Topics whose names begin with "open" may be written to. */
class WriteRightsTest {

    private static final int FIRST_VERSION_OF_TOPIC_IDS = 13;
    private static final List<String> THERE = List.of("open-1", "open-2", "closed-1", "closed-2");
    private static final UUID NO_ID = new UUID(0, 0);

    private static final TestQuota QUOTA = new TestQuota(Duration.ofMillis(2));
    private static EmbeddedBroker broker;

    @BeforeContainer
    static void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(ProduceHandlers::new)
                .extension(() -> new TestAuthorizer(WriteRightsTest::allows))
                .extension(() -> QUOTA)
                .setting("authorizer", TestAuthorizer.NAME)
                .setting("client.quota", TestQuota.NAME)
                .start();
        for (String topic : THERE) {
            broker.services()
                    .topics()
                    .create(new NewTopic(topic, 2, 1, Map.of()))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    private static boolean allows(Operation operation, Resource resource) {
        return operation == Operation.WRITE
                && resource.type() == Resource.Type.TOPIC
                && resource.name().startsWith("open");
    }

    @Provide
    Arbitrary<Integer> versions() {
        return Arbitraries.integers().between(ProduceRequest.API.lowestVersion(), ProduceRequest.API.highestVersion());
    }

    @Provide
    Arbitrary<String> topics() {
        return Arbitraries.oneOf(Arbitraries.of(THERE), Arbitraries.of("open-none", "closed-none"));
    }

    @Property(tries = 200)
    void whatIsAllowedIsAppendedAndPaidForAndTheRestRefused(
            @ForAll("versions") int version,
            @ForAll @Size(min = 1, max = 6) @UniqueElements List<@From("topics") String> topics)
            throws Exception {
        List<Long> before = ends();
        ByteBuffer batch = batch();
        List<ErrorCode> expected =
                topics.stream().map(topic -> expected(topic, version)).toList();
        long taken = expected.stream().filter(error -> error == ErrorCode.NONE).count();
        ProduceResponse response;
        try (WireClient client = broker.connect()) {
            response = client.call(
                    ProduceRequest.API, request(version, (short) -1, batch, topics), version, ProduceResponse::read);
        }

        assertThat(errors(response)).isEqualTo(expected);
        List<Long> after = ends();
        for (int i = 0; i < THERE.size(); i++) {
            boolean appended = topics.contains(THERE.get(i)) && THERE.get(i).startsWith("open");
            assertThat(after.get(i) - before.get(i)).as(THERE.get(i)).isEqualTo(appended ? 1 : 0);
        }
        assertThat(QUOTA.takeCharges())
                .isEqualTo(
                        taken == 0
                                ? List.of()
                                : List.of(new TestQuota.Charge(QuotaType.PRODUCE, taken * batch.remaining())));
        assertThat(response.throttleTimeMs()).isEqualTo(taken == 0 || version == 0 ? 0 : 2);
    }

    /** Whether there is a topic of a name only those hear who may write to it. */
    private static ErrorCode expected(String topic, int version) {
        if (version >= FIRST_VERSION_OF_TOPIC_IDS && !THERE.contains(topic)) {
            return ErrorCode.UNKNOWN_TOPIC_ID;
        }
        if (topic.startsWith("closed")) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        return THERE.contains(topic) ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /** Nothing is answered, so that the end of the connection is the refusal; what was allowed is appended and paid for all the same. */
    @Example
    void withoutAcknowledgementARefusalClosesTheConnection() throws Exception {
        List<Long> before = ends();
        ByteBuffer batch = batch();
        try (WireClient client = broker.connect()) {
            client.send(ProduceRequest.API, request(12, (short) 0, batch, List.of("closed-1", "open-1")), 12);
            client.awaitClosed();
        }
        List<Long> after = ends();
        assertThat(after.get(THERE.indexOf("open-1"))).isEqualTo(before.get(THERE.indexOf("open-1")) + 1);
        assertThat(after.get(THERE.indexOf("closed-1"))).isEqualTo(before.get(THERE.indexOf("closed-1")));
        assertThat(QUOTA.takeCharges()).containsExactly(new TestQuota.Charge(QuotaType.PRODUCE, batch.remaining()));
    }

    private static List<Long> ends() throws Exception {
        List<Long> ends = new ArrayList<>();
        for (String topic : THERE) {
            ends.add(broker.services()
                    .partitions()
                    .open(new TopicPartition(topic, 1))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS)
                    .highWatermark());
        }
        return ends;
    }

    private static List<ErrorCode> errors(ProduceResponse response) {
        List<ErrorCode> errors = new ArrayList<>();
        for (TopicProduceResponse topic : response.responses()) {
            topic.partitionResponses().forEach(partition -> errors.add(ErrorCode.forCode(partition.errorCode())));
        }
        return errors;
    }

    private static ProduceRequest request(int version, short acks, ByteBuffer batch, List<String> topics) {
        return ProduceRequest.builder()
                .acks(acks)
                .timeoutMs(1_000)
                .topicData(topics.stream()
                        .map(topic -> data(version, topic, batch))
                        .toList())
                .build();
    }

    private static TopicProduceData data(int version, String name, ByteBuffer batch) {
        boolean byId = version >= FIRST_VERSION_OF_TOPIC_IDS;
        Topic topic = broker.services().topics().find(name);
        UUID id = topic == null ? UUID.randomUUID() : topic.id();
        return TopicProduceData.builder()
                .name(byId ? "" : name)
                .topicId(byId ? id : NO_ID)
                .partitionData(List.of(PartitionProduceData.builder()
                        .index(1)
                        .records(RecordData.of(batch.duplicate()))
                        .build()))
                .build();
    }

    private static ByteBuffer batch() {
        return new RecordBatchBuilder()
                .append(System.currentTimeMillis(), null, ByteBuffer.wrap(new byte[] {1, 2, 3}))
                .build();
    }
}
