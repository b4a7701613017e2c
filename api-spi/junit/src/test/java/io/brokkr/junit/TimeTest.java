package io.brokkr.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.plugin.faultinjector.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stock clients see of a broker for which time passes at once. */
@Timeout(120)
class TimeTest {

    private static final Duration WEEK = Duration.ofDays(7);

    private final TestBroker broker = TestBroker.builder()
            .topic("orders", 1, Map.of("retention.ms", Long.toString(WEEK.toMillis())))
            .start();

    private final Map<String, Object> settings = Map.of("bootstrap.servers", broker.getBootstrapServers());

    @AfterEach
    void end() {
        broker.close();
    }

    private static void awaitTrue(Callable<Boolean> condition) throws Exception {
        long began = System.nanoTime();
        while (!condition.call()) {
            assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(60));
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    @Test
    void recordsGrowOld() throws Exception {
        StockClients clients = new StockClients(broker);
        clients.produce("orders", List.of("a", "b", "c"));
        TopicPartition partition = new TopicPartition("orders", 0);
        try (Admin admin = Admin.create(settings)) {
            broker.advance(WEEK.minusHours(1));
            assertThat(startOffset(admin, partition)).isZero();
            broker.advance(Duration.ofHours(2));
            awaitTrue(() -> startOffset(admin, partition) == 3);
        }
        clients.produce("orders", List.of("d"));
        assertThat(clients.consume("orders", "group", 1)).containsExactly("d");
    }

    private static long startOffset(Admin admin, TopicPartition partition) throws Exception {
        return get(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                        .partitionResult(partition)
                        .toCompletionStage()
                        .toCompletableFuture())
                .offset();
    }

    @Test
    void aDelayEndsWithItsTime() throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            Fault fault = broker.faults().delay("Produce", "orders", Duration.ofHours(1));
            Future<RecordMetadata> held = producer.send(new ProducerRecord<>("orders", "value"));
            awaitTrue(() -> fault.struck() > 0);
            broker.advance(Duration.ofMinutes(59));
            assertThat(held).isNotDone();
            broker.advance(Duration.ofMinutes(1));
            assertThat(get(held).offset()).isZero();
        }
    }

    @Test
    void aMemberThatDoesNotSpeakIsGivenUp() throws Exception {
        try (Admin admin = Admin.create(settings);
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.getBootstrapServers(), "group.id", "group"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.subscribe(List.of("orders"));
            awaitTrue(() -> {
                consumer.poll(Duration.ofMillis(100));
                return !consumer.assignment().isEmpty();
            });
            assertThat(members(admin)).isEqualTo(1);
            broker.advance(Duration.ofMinutes(30));
            awaitTrue(() -> members(admin) == 0);
        }
    }

    /** A group without a member and without offsets is gone itself. */
    private static int members(Admin admin) throws Exception {
        try {
            return get(admin.describeConsumerGroups(List.of("group"))
                            .describedGroups()
                            .get("group")
                            .toCompletionStage()
                            .toCompletableFuture())
                    .members()
                    .size();
        } catch (ExecutionException gone) {
            assertThat(gone).hasCauseInstanceOf(GroupIdNotFoundException.class);
            return 0;
        }
    }

    /** Clients go by the machine's time, and so do the waits of the broker for them. */
    @Test
    void clientsAreServedAsEver() throws Exception {
        broker.advance(Duration.ofDays(10_000));
        StockClients clients = new StockClients(broker);
        broker.createTopic("later", 3, Map.of("retention.ms", "-1"));
        clients.produce("later", List.of("a", "b"));
        assertThat(clients.consume("later", "group", 2)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatThrownBy(() -> broker.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time does not go back, not even by PT1S");
    }
}
