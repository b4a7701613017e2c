package io.brokkr.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.StartException;
import io.brokkr.spi.ApiException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker for tests, as a stock client sees it. */
@Timeout(120)
class TestBrokerTest {

    private static Admin admin(TestBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.getBootstrapServers()));
    }

    @Test
    void aStockClientProducesAndConsumesInAGroup() throws Exception {
        try (TestBroker broker = TestBroker.builder().topic("orders", 3).start()) {
            StockClients clients = new StockClients(broker);
            clients.produce("orders", List.of("one", "two", "three"));
            assertThat(clients.consume("orders", "billing", 3)).containsExactlyInAnyOrder("one", "two", "three");
        }
    }

    @Test
    void recordsOfEveryCompressionArrive() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            for (String compression : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                StockClients clients = new StockClients(broker, Map.of("compression.type", compression));
                broker.createTopic(compression, 1);
                clients.produce(compression, List.of(compression));
                assertThat(clients.consume(compression, "group-" + compression, 1))
                        .containsExactly(compression);
            }
        }
    }

    @Test
    void topicsAreAsTheyWereWished() throws Exception {
        try (TestBroker broker = TestBroker.builder()
                        .topic("plain")
                        .topic("wide", 7)
                        .topic("compacted", 1, Map.of("cleanup.policy", "compact"))
                        .start();
                Admin admin = admin(broker)) {
            broker.createTopic("later", 2);
            Map<String, TopicDescription> topics = admin.describeTopics(List.of("plain", "wide", "compacted", "later"))
                    .allTopicNames()
                    .get(20, TimeUnit.SECONDS);
            assertThat(topics.get("plain").partitions()).hasSize(1);
            assertThat(topics.get("wide").partitions()).hasSize(7);
            assertThat(topics.get("later").partitions()).hasSize(2);
            ConfigResource compacted = new ConfigResource(ConfigResource.Type.TOPIC, "compacted");
            assertThat(admin.describeConfigs(List.of(compacted))
                            .all()
                            .get(20, TimeUnit.SECONDS)
                            .get(compacted)
                            .get("cleanup.policy")
                            .value())
                    .isEqualTo("compact");
        }
    }

    @Test
    void brokersInParallelKnowNothingOfEachOther() {
        List<String> found = IntStream.range(0, 12)
                .parallel()
                .mapToObj(number -> {
                    try (TestBroker broker =
                            TestBroker.builder().topic("topic-" + number).start()) {
                        StockClients clients = new StockClients(broker);
                        clients.produce("topic-" + number, List.of("record-" + number));
                        try (Admin admin = admin(broker)) {
                            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS))
                                    .containsExactly("topic-" + number);
                        }
                        return clients.consume("topic-" + number, "group", 1).get(0);
                    } catch (Exception failure) {
                        throw new AssertionError(failure);
                    }
                })
                .toList();
        assertThat(found)
                .containsExactlyElementsOf(
                        IntStream.range(0, 12).mapToObj(n -> "record-" + n).toList());
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        long before = folders();
        TestBroker broker = TestBroker.start();
        assertThat(folders()).isEqualTo(before + 1);
        broker.close();
        broker.close();
        assertThat(folders()).isEqualTo(before);
        assertThatThrownBy(() ->
                        TestBroker.builder().setting("num.partitionz", "3").start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("num.partitions");
        assertThatThrownBy(() -> TestBroker.builder().topic("no/topic").start()).isInstanceOf(ApiException.class);
        assertThat(folders()).isEqualTo(before);
    }

    private static long folders() throws Exception {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("test-broker"))
                    .count();
        }
    }

    @Test
    void aTopicThatIsThereIsRefused() {
        try (TestBroker broker = TestBroker.builder().topic("orders").start()) {
            assertThatThrownBy(() -> broker.createTopic("orders", 1))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("orders");
        }
    }
}
