package io.brokkr.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.plugin.fetch.FetchHandlers;
import io.brokkr.plugin.metadata.MetadataHandlers;
import io.brokkr.plugin.produce.ProduceHandlers;
import io.brokkr.plugin.topicadmin.TopicAdminHandlers;
import io.brokkr.testkit.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What users of Kafka's own clients see of topics in an object store. */
@Timeout(180)
class KafkaClientsTest {

    private static final int PARTITIONS = 3;
    private static final int RECORDS = 300;

    @TempDir
    private Path folder;

    private S3Server server;
    private EmbeddedBroker broker;

    @BeforeEach
    void start() throws Exception {
        server = S3Server.start();
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .extension(S3StorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(MetadataHandlers::new)
                .extension(TopicAdminHandlers::new)
                .extension(ProduceHandlers::new)
                .extension(FetchHandlers::new)
                .dataFolder(folder);
        SharedServerFactory.settings(server.endpoint(), "brokkr").forEach(builder::setting);
        broker = builder.start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("orders", Optional.of(PARTITIONS), Optional.empty())))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void stop() {
        broker.close();
        server.close();
    }

    private void produce(String value, Map<String, Object> more) throws Exception {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("acks", "all");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                answers.add(producer.send(new ProducerRecord<>("orders", i % PARTITIONS, null, value + i)));
            }
            for (Future<RecordMetadata> answer : answers) {
                answer.get(60, TimeUnit.SECONDS);
            }
        }
    }

    private List<String> consume() {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new TopicPartition("orders", i));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            List<String> values = new ArrayList<>();
            while (values.size() < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }

    @Test
    void aTopicIsServedAndOutlivesTheBroker() throws Exception {
        produce("before", Map.of());
        assertThat(consume()).hasSize(RECORDS);
        assertThat(server.keys("brokkr/logs/orders/")).hasSize(PARTITIONS);
        assertThat(folder).isDirectoryNotContaining("glob:**/orders*");
        broker.restart();
        assertThat(consume()).hasSize(RECORDS).allMatch(value -> value.startsWith("before"));
        produce("after", Map.of());
        assertThat(consume()).hasSize(2 * RECORDS);
    }

    @Test
    void producersAreToldThatTheStoreIsAwayAndGoOnWhenItIsBack() throws Exception {
        produce("before", Map.of());
        server.stop();
        assertThatThrownBy(() -> produce(
                        "lost", Map.of("delivery.timeout.ms", 3_000, "request.timeout.ms", 2_000, "linger.ms", 0)))
                .isInstanceOf(ExecutionException.class);
        server.startAgain();
        produce("after", Map.of());
        assertThat(consume()).filteredOn(value -> !value.startsWith("lost")).hasSize(2 * RECORDS);
    }
}
