package io.brokkr.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.plugin.faultinjector.Fault;
import io.brokkr.protocol.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults in the broker of a test, as stock clients bear them. */
@Timeout(120)
class FaultsTest {

    private static final List<String> VALUES =
            IntStream.range(0, 200).mapToObj(Integer::toString).toList();

    private final TestBroker broker =
            TestBroker.builder().topic("orders").topic("prices").start();

    @AfterEach
    void end() {
        broker.close();
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.getBootstrapServers(), "batch.size", "200"),
                new StringSerializer(),
                new StringSerializer());
    }

    private List<String> produceAndConsume() throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer()) {
            for (String value : VALUES) {
                sent.add(producer.send(new ProducerRecord<>("orders", value)));
            }
            for (Future<RecordMetadata> acknowledgement : sent) {
                acknowledgement.get(60, TimeUnit.SECONDS);
            }
        }
        return new StockClients(broker).consume("orders", "group", VALUES.size());
    }

    @Test
    void aProducerSeesADelay() throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            Fault fault = broker.faults().delay("Produce", "orders", Duration.ofHours(1));
            Future<RecordMetadata> held = producer.send(new ProducerRecord<>("orders", "value"));
            awaitStruck(fault);
            // The broker has it by now, and serves others.
            assertThat(new StockClients(broker).consume("orders", "group", 1)).containsExactly("value");
            assertThat(held).isNotDone();
            fault.close();
            assertThat(held.get(60, TimeUnit.SECONDS).offset()).isZero();
        }
    }

    @Test
    void theEndOfTheBrokerWaitsForNoDelay() throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            Fault fault = broker.faults().delay("Produce", "*", Duration.ofHours(1));
            Future<RecordMetadata> held = producer.send(new ProducerRecord<>("orders", "value"));
            awaitStruck(fault);
            broker.close();
            assertThat(held.get(60, TimeUnit.SECONDS).offset()).isZero();
        }
    }

    @Test
    void errorsThatAClientTriesAgainAfterLoseNothing() throws Exception {
        // The first batch arrives: were it refused while the second is under way, then the second would be taken for a
        // start, here as in Kafka (KIP-360),
        // and with its acknowledgement lost it would come again under the producer's next epoch.
        Fault refused = broker.faults().add("Produce:orders:error=NOT_LEADER_OR_FOLLOWER:after=1:times=3");
        Fault lost = broker.faults().add("Produce:orders:error=REQUEST_TIMED_OUT:handled:times=3");
        Fault fetch = broker.faults().add("Fetch:orders:error=NOT_LEADER_OR_FOLLOWER:times=3");
        Fault heartbeat = broker.faults().add("JoinGroup:*:error=COORDINATOR_NOT_AVAILABLE:times=1");
        assertThat(produceAndConsume()).containsExactlyElementsOf(VALUES);
        assertThat(List.of(refused.struck(), lost.struck(), fetch.struck(), heartbeat.struck()))
                .containsExactly(3L, 3L, 3L, 1L);
    }

    @Test
    void droppedConnectionsLoseNothing() throws Exception {
        Fault dropped = broker.faults().add("Produce:orders:drop:after=1:times=2");
        Fault lost = broker.faults().add("Produce:orders:drop:handled:times=2");
        Fault any = broker.faults().add("Fetch:*:drop:times=2");
        assertThat(produceAndConsume()).containsExactlyElementsOf(VALUES);
        assertThat(List.of(dropped.struck(), lost.struck(), any.struck())).containsExactly(2L, 2L, 2L);
    }

    @Test
    void whatIsTakenAwayHasNoEffect() throws Exception {
        Fault fault = broker.faults().error("Produce", "orders", ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        broker.faults().drop("*", "*");
        broker.faults().clear();
        assertThat(produceAndConsume()).containsExactlyElementsOf(VALUES);
        assertThat(fault.struck()).isZero();
    }

    @Test
    void mistakesAreTold() {
        assertThatThrownBy(() -> broker.faults().drop("Prodce", "orders"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("in «Prodce:orders:drop» there is no API «Prodce»");
    }

    @Test
    void rulesOfTheSettingAreAtWorkToo() throws Exception {
        try (TestBroker struck = TestBroker.builder()
                .topic("orders")
                .setting("faults", "Produce:orders:error=NOT_ENOUGH_REPLICAS:times=1")
                .setting("faults.seed", "7")
                .start()) {
            assertThat(struck.faults()).hasToString("[Produce:orders:error=NOT_ENOUGH_REPLICAS:times=1]");
            new StockClients(struck).produce("orders", List.of("value"));
            assertThat(struck.faults()).hasToString("[]");
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
