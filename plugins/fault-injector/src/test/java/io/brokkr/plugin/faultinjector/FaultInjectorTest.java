package io.brokkr.plugin.faultinjector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.StartException;
import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.plugin.fetch.FetchHandlers;
import io.brokkr.plugin.metadata.MetadataHandlers;
import io.brokkr.plugin.produce.ProduceHandlers;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.ApiVersionsResponse;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchRequest.FetchPartition;
import io.brokkr.protocol.message.FetchRequest.FetchTopic;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.MetadataRequest;
import io.brokkr.protocol.message.MetadataResponse;
import io.brokkr.spi.NewTopic;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients meet when there are faults. */
@Timeout(120)
class FaultInjectorTest {

    private static final int FETCH_VERSION = 13;

    private final Faults faults = new Faults();

    private static EmbeddedBroker.Builder broker() {
        return EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(MetadataHandlers::new)
                .extension(ProduceHandlers::new)
                .extension(FetchHandlers::new);
    }

    private EmbeddedBroker start(String... topics) {
        EmbeddedBroker broker =
                broker().extension(() -> new FaultInjector(faults)).start();
        for (String topic : topics) {
            broker.services()
                    .topics()
                    .create(new NewTopic(topic, 1, 1, Map.of()))
                    .toCompletableFuture()
                    .join();
        }
        return broker;
    }

    private static KafkaProducer<String, String> producer(EmbeddedBroker broker, String clientId) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "client.id", clientId),
                new StringSerializer(),
                new StringSerializer());
    }

    private static RecordMetadata produce(KafkaProducer<String, String> producer, String topic) throws Exception {
        return producer.send(new ProducerRecord<>(topic, "value")).get(60, TimeUnit.SECONDS);
    }

    private static ApiVersionsResponse apiVersions(WireClient client) {
        return client.call(ApiVersionsRequest.API, ApiVersionsRequest.builder().build(), 0, ApiVersionsResponse::read);
    }

    @Test
    void theSettingsRulesAreAtWorkFromTheBeginning() {
        try (EmbeddedBroker broker = broker().extension(FaultInjector::new)
                        .setting("faults", "ApiVersions:*:error=UNSUPPORTED_VERSION:times=1;ApiVersions:*:drop:times=1")
                        .start();
                WireClient client = broker.connect();
                WireClient later = broker.connect()) {
            assertThat(apiVersions(client).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
            client.send(ApiVersionsRequest.API, ApiVersionsRequest.builder().build(), 0);
            client.awaitClosed();
            assertThat(apiVersions(later).errorCode()).isZero();
        }
    }

    @Test
    void aMistakeInTheSettingIsTold() {
        assertThatThrownBy(() -> broker().extension(FaultInjector::new)
                        .setting("faults", "Produce:*:drp")
                        .start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("faults=Produce:*:drp: must be rules such as")
                .hasMessageEndingWith("in «Produce:*:drp» «drp» is none of delay=200ms, error=NAME and drop");
    }

    @Test
    void withoutRulesItMeetsNothing() {
        FaultHook idle = new FaultHook(new Faults(), false, new RequestTopics(null), null);
        assertThat(idle.wants(ApiVersionsRequest.API)).isFalse();
        faults.drop("Fetch", "*");
        FaultHook ofFetches = new FaultHook(faults, false, new RequestTopics(null), null);
        assertThat(ofFetches.wants(ApiVersionsRequest.API)).isFalse();
        assertThat(ofFetches.wants(FetchRequest.API)).isTrue();
    }

    @Test
    void aResponseIsHeldBackUntilTheFaultIsTakenAway() throws Exception {
        try (EmbeddedBroker broker = start("orders", "prices");
                KafkaProducer<String, String> producer = producer(broker, "slow");
                KafkaProducer<String, String> other = producer(broker, "other")) {
            Fault fault = faults.delay("Produce", "orders", Duration.ofHours(1));
            Future<RecordMetadata> held = producer.send(new ProducerRecord<>("orders", "value"));
            // Of another topic: not held back.
            produce(other, "prices");
            awaitStruck(fault);
            assertThat(held.isDone()).isFalse();
            fault.close();
            assertThat(held.get(60, TimeUnit.SECONDS).offset()).isZero();
        }
    }

    @Test
    void aResponseIsHeldBackForAWhile() throws Exception {
        try (EmbeddedBroker broker = start("orders");
                KafkaProducer<String, String> producer = producer(broker, "slow")) {
            Fault fault = faults.delay("Produce", "orders", Duration.ofMillis(20));
            assertThat(produce(producer, "orders").offset()).isZero();
            assertThat(fault.struck()).isEqualTo(1);
        }
    }

    @Test
    void anErrorThatCanBeMendedCostsNothing() throws Exception {
        try (EmbeddedBroker broker = start("orders");
                KafkaProducer<String, String> producer = producer(broker, "stubborn")) {
            Fault refused = faults.add("Produce:orders:error=NOT_LEADER_OR_FOLLOWER:times=2");
            assertThat(produce(producer, "orders").offset()).isZero();
            assertThat(refused.struck()).isEqualTo(2);
            // The broker has the record, and the producer does not know it.
            Fault lost = faults.add("Produce:orders:error=REQUEST_TIMED_OUT:handled:times=1");
            assertThat(produce(producer, "orders").offset()).isEqualTo(1);
            assertThat(lost.struck()).isEqualTo(1);
            assertThat(produce(producer, "orders").offset()).isEqualTo(2);
        }
    }

    @Test
    void anErrorThatCannotBeMendedIsTold() throws Exception {
        try (EmbeddedBroker broker = start("orders", "prices");
                KafkaProducer<String, String> producer = producer(broker, "unlucky");
                KafkaProducer<String, String> other = producer(broker, "lucky")) {
            faults.add("Produce:orders:error=MESSAGE_TOO_LARGE:client=unlucky");
            assertThatThrownBy(() -> produce(producer, "orders"))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RecordTooLargeException.class);
            assertThat(produce(other, "orders").offset()).isZero();
            assertThat(produce(producer, "prices").offset()).isZero();
        }
    }

    @Test
    void aProducerConnectsAgainAndLosesNothing() throws Exception {
        try (EmbeddedBroker broker = start("orders");
                KafkaProducer<String, String> producer = producer(broker, "stubborn")) {
            Fault dropped = faults.add("Produce:orders:drop:times=2");
            assertThat(produce(producer, "orders").offset()).isZero();
            assertThat(dropped.struck()).isEqualTo(2);
            Fault lost = faults.add("Produce:orders:drop:handled:times=1");
            assertThat(produce(producer, "orders").offset()).isEqualTo(1);
            assertThat(lost.struck()).isEqualTo(1);
            assertThat(produce(producer, "orders").offset()).isEqualTo(2);
        }
    }

    /** Its client reads no response, so that one would be taken for that of the next request. */
    @Test
    void anErrorWithoutAcknowledgementCostsTheConnection() throws Exception {
        try (EmbeddedBroker broker = start("orders");
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "0"),
                        new StringSerializer(),
                        new StringSerializer())) {
            Fault fault = faults.add("Produce:orders:error=KAFKA_STORAGE_ERROR:times=1");
            produce(producer, "orders");
            awaitStruck(fault);
            produce(producer, "orders");
        }
    }

    /** A request of a session does not name what it named before. */
    @Test
    void aFetchOfASessionIsStruckByTheTopicToo() {
        try (EmbeddedBroker broker = start("orders", "prices");
                WireClient client = broker.connect()) {
            UUID orders = broker.services().topics().find("orders").id();
            FetchResponse opened = fetch(client, 0, 0, orders);
            assertThat(opened.sessionId()).isPositive();
            assertThat(fetch(client, opened.sessionId(), 1).errorCode()).isZero();

            Fault fault = faults.error("Fetch", "orders", ErrorCode.OFFSET_OUT_OF_RANGE);
            assertThat(fetch(client, opened.sessionId(), 2).errorCode())
                    .isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND.code());
            assertThat(fault.struck()).isZero();
            FetchResponse struck = fetch(client, 0, 0, orders);
            assertThat(struck.sessionId()).isZero();
            assertThat(struck.errorCode()).isZero();
            assertThat(struck.responses().get(0).topicId()).isEqualTo(orders);
            assertThat(struck.responses().get(0).partitions().get(0).errorCode())
                    .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
            FetchResponse other = fetch(
                    client, 0, 0, broker.services().topics().find("prices").id());
            assertThat(other.responses().get(0).partitions().get(0).errorCode()).isZero();
            assertThat(fault.struck()).isEqualTo(1);

            fault.close();
            assertThat(fetch(client, 0, 0, orders).sessionId()).isPositive();
        }
    }

    private static FetchResponse fetch(WireClient client, int session, int epoch, UUID... topics) {
        FetchRequest request = FetchRequest.builder()
                .sessionId(session)
                .sessionEpoch(epoch)
                .maxBytes(1_000_000)
                .topics(List.of(topics).stream()
                        .map(topic -> FetchTopic.builder()
                                .topicId(topic)
                                .partitions(List.of(FetchPartition.builder()
                                        .partitionMaxBytes(1_000_000)
                                        .build()))
                                .build())
                        .toList())
                .build();
        return client.call(FetchRequest.API, request, FETCH_VERSION, FetchResponse::read);
    }

    @Test
    void aRequestThatNamesNoTopicIsSpared() {
        try (EmbeddedBroker broker = start("orders");
                WireClient client = broker.connect()) {
            Fault fault = faults.drop("*", "orders");
            MetadataRequest all = MetadataRequest.builder().topics(null).build();
            assertThat(client.call(MetadataRequest.API, all, 12, MetadataResponse::read)
                            .topics())
                    .hasSize(1);
            assertThat(apiVersions(client).errorCode()).isZero();
            assertThat(fault.struck()).isZero();
            MetadataRequest named = MetadataRequest.builder()
                    .topics(List.of(MetadataRequest.MetadataRequestTopic.builder()
                            .topicId(broker.services().topics().find("orders").id())
                            .name(null)
                            .build()))
                    .build();
            client.send(MetadataRequest.API, named, 12);
            client.awaitClosed();
            assertThat(fault.struck()).isEqualTo(1);
        }
    }

    private static void awaitStruck(Fault fault) {
        long began = System.nanoTime();
        while (fault.struck() == 0) {
            assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(60));
            Thread.onSpinWait();
        }
    }
}
