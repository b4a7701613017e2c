package io.brokkr.example.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.junit.TestBroker;
import io.brokkr.spi.BrokerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stock clients bring about stands in the file. */
@Timeout(120)
class EventLogTest {

    private static final int RECORD_BYTES = 100_000;

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("events.jsonl");
    }

    private TestBroker start() {
        return TestBroker.builder()
                .extension(new EventLog())
                .setting("event.log.file", file().toString())
                .topic("orders", 2, Map.of("storage.engine", "log", "segment.bytes", "1048576"))
                .start();
    }

    private void awaitLine(String... parts) throws IOException {
        long began = System.nanoTime();
        while (!Files.exists(file())
                || Files.readString(file()).lines().noneMatch(line -> List.of(parts).stream()
                        .allMatch(line::contains))) {
            assertThat(System.nanoTime() - began)
                    .as(() -> List.of(parts) + " in " + file())
                    .isLessThan(TimeUnit.SECONDS.toNanos(60));
        }
    }

    @Test
    void topicsThatComeAndGoAreTold() throws Exception {
        try (TestBroker broker = start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.getBootstrapServers()))) {
            awaitLine(
                    "\"type\":\"topic.created\",\"subject\":\"orders\"",
                    "\"partitions\":\"2\"",
                    "\"internal\":\"false\"");
            admin.deleteTopics(List.of("orders")).all().get(60, TimeUnit.SECONDS);
            awaitLine("\"type\":\"topic.deleted\",\"subject\":\"orders\"");
        }
        List<String> lines = Files.readString(file()).lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("topic.created");
    }

    @Test
    void aSegmentThatIsFullIsTold() throws Exception {
        try (TestBroker broker = start();
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.getBootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int record = 0; record < 20; record++) {
                producer.send(new ProducerRecord<>("orders", 1, null, new byte[RECORD_BYTES]))
                        .get(60, TimeUnit.SECONDS);
            }
            awaitLine("\"type\":\"segment.rolled\",\"subject\":\"orders\",\"baseOffset\":\"10\",\"partition\":\"1\"");
        }
    }

    @Test
    void aGroupThatHasRebalancedIsTold() throws Exception {
        try (TestBroker broker = start();
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.getBootstrapServers(), "group.id", "billing"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("orders"));
            while (consumer.assignment().isEmpty()) {
                consumer.poll(Duration.ofMillis(100));
            }
            awaitLine("\"type\":\"group.rebalanced\",\"subject\":\"billing\",\"generation\":\"1\",\"members\":\"1\"");
        }
        assertThat(Files.readString(file())).contains("\"subject\":\"__consumer_offsets\",\"id\"");
    }

    @Test
    void anyTextIsWrittenAsJson() {
        assertThat(Json.of(new BrokerEvent("a.b", "quote \" and\nline", Map.of("z", "\\", "y", "é"), 0)))
                .isEqualTo(
                        "{\"time\":\"1970-01-01T00:00:00Z\",\"type\":\"a.b\",\"subject\":\"quote \\u0022 and\\u000aline\","
                                + "\"y\":\"é\",\"z\":\"\\u005c\"}");
    }
}
