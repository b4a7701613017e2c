package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The storage engine of the guide, in its folder as a stranger would drop it in: a module with a library and native code of its own. */
@Timeout(180)
class SqliteEngineIT {

    private static final Path EXAMPLE =
            Path.of("../examples/sqlite/target/plugins").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 3;

    @TempDir
    private Path folder;

    private BrokkrProcess start() {
        assertThat(EXAMPLE.resolve("sqlite/lib"))
                .as("what examples/sqlite builds")
                .isDirectory();
        String folders = BrokkrProcess.HOME.resolve("plugins") + "," + EXAMPLE;
        return BrokkrProcess.start(folder.resolve("data"), "plugin.folders=" + folders)
                .awaitReady();
    }

    /** Killed, and not stopped: what was acknowledged is there without a chance to put things in order. */
    @Test
    void aTopicOnItIsServedAndOutlivesTheKillOfTheBroker() throws Exception {
        try (BrokkrProcess broker = start()) {
            assertThat(broker.awaitLine("storage engines [")).contains("sqlite");
            create(broker, "orders");
            produce(broker, "orders", "before");
            assertThat(consume(broker, "orders", 300)).hasSize(300).allMatch(value -> value.startsWith("before"));
            assertThat(folder.resolve("data/brokkr-sqlite.db")).isNotEmptyFile();
            assertThat(folder.resolve("data")).isDirectoryNotContaining("glob:**/orders*");
        }
        try (BrokkrProcess broker = start()) {
            produce(broker, "orders", "after");
            assertThat(consume(broker, "orders", 600))
                    .filteredOn(value -> value.startsWith("before"))
                    .hasSize(300);
            delete(broker, "orders");
        }
    }

    private static Admin admin(BrokkrProcess broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static void create(BrokkrProcess broker, String topic) throws Exception {
        try (Admin admin = admin(broker)) {
            NewTopic wish = new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())
                    .configs(Map.of("storage.engine", "sqlite"));
            admin.createTopics(List.of(wish)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void delete(BrokkrProcess broker, String topic) throws Exception {
        try (Admin admin = admin(broker)) {
            admin.deleteTopics(List.of(topic)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Three hundred records, all of them acknowledged. */
    private static void produce(BrokkrProcess broker, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                acknowledgements.add(producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, value + i)));
            }
            for (Future<RecordMetadata> acknowledgement : acknowledgements) {
                acknowledgement.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private static List<String> consume(BrokkrProcess broker, String topic, int count) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new TopicPartition(topic, i));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<String> values = new ArrayList<>();
            long begin = System.nanoTime();
            while (values.size() < count && System.nanoTime() - begin < PATIENCE.toNanos()) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }
}
