package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

/** The engine {@code tiered} on two engines of other plugins, each in a module layer of its own: segment files, and the database of the guide. */
@Timeout(180)
class TieredStorageIT {

    private static final Path EXAMPLE =
            Path.of("../examples/sqlite/target/plugins").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOPIC = "orders";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final int RECORDS = 500;

    @TempDir
    private Path folder;

    private BrokkrProcess start() {
        assertThat(EXAMPLE.resolve("sqlite/lib"))
                .as("what examples/sqlite builds")
                .isDirectory();
        return BrokkrProcess.start(
                        folder.resolve("data"),
                        "plugin.folders=" + BrokkrProcess.HOME.resolve("plugins") + "," + EXAMPLE,
                        "tiered.cold.engine=sqlite",
                        "tiered.check.interval.ms=100")
                .awaitReady();
    }

    /** Killed, and not stopped: whatever step a move was at. */
    @Test
    void oldSegmentsAreInTheDatabaseAndAllIsReadAfterTheKillOfTheBroker() throws Exception {
        try (BrokkrProcess broker = start()) {
            create(broker);
            produce(broker, "before");
            awaitFirstSegmentGone(broker);
            assertThat(folder.resolve("data/tiered-cold/brokkr-sqlite.db")).isNotEmptyFile();
            assertThat(consume(broker, RECORDS)).hasSize(RECORDS).allMatch(value -> value.startsWith("before"));
        }
        try (BrokkrProcess broker = start()) {
            produce(broker, "after");
            List<String> values = consume(broker, 2 * RECORDS);
            assertThat(values).hasSize(2 * RECORDS).doesNotHaveDuplicates();
            assertThat(values.subList(0, RECORDS)).allMatch(value -> value.startsWith("before"));
        }
    }

    /** Asks the broker again and again, which says where the log is. */
    private void awaitFirstSegmentGone(BrokkrProcess broker) throws Exception {
        Path segment = folder.resolve("data/tiered-hot/orders-0/00000000000000000000.log");
        long begin = System.nanoTime();
        while (Files.exists(segment) && System.nanoTime() - begin < PATIENCE.toNanos()) {
            assertThat(sizes(broker)).isNotEmpty();
        }
        assertThat(segment).doesNotExist();
        assertThat(segments(segment.getParent())).isNotEmpty();
        assertThat(sizes(broker)).hasSize(2).allSatisfy((place, size) -> assertThat(size)
                .isPositive());
    }

    /** In bytes, what the log takes in each place in which it is. */
    private static Map<String, Long> sizes(BrokkrProcess broker) throws Exception {
        Map<String, Long> sizes = new HashMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.describeLogDirs(List.of(1))
                    .allDescriptions()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .get(1)
                    .forEach((place, description) -> description.replicaInfos().forEach((log, replica) -> {
                        if (log.equals(PARTITION)) {
                            sizes.put(place, replica.size());
                        }
                    }));
        }
        return sizes;
    }

    private static List<Path> segments(Path log) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.filter(file -> file.toString().endsWith(".log")).toList();
        }
    }

    private static void create(BrokkrProcess broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            NewTopic wish = new NewTopic(TOPIC, Optional.of(1), Optional.empty())
                    .configs(Map.of("storage.engine", "tiered", "segment.bytes", "4000", "local.retention.bytes", "0"));
            admin.createTopics(List.of(wish)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** In many batches, so that there are many segments. */
    private static void produce(BrokkrProcess broker, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all", "batch.size", 500),
                new StringSerializer(),
                new StringSerializer())) {
            List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                acknowledgements.add(producer.send(new ProducerRecord<>(TOPIC, 0, null, value + i)));
            }
            for (Future<RecordMetadata> acknowledgement : acknowledgements) {
                acknowledgement.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private static List<String> consume(BrokkrProcess broker, int count) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "none"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seek(PARTITION, 0);
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
