package io.brokkr.compatibility.kafkaclients;

import static io.brokkr.compatibility.kafkaclients.Connection.require;
import static io.brokkr.compatibility.kafkaclients.Connection.requireEqual;
import static io.brokkr.compatibility.kafkaclients.Connection.requireSame;
import static io.brokkr.compatibility.kafkaclients.Connection.take;
import static io.brokkr.compatibility.kafkaclients.Connection.values;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Records in, records out. */
final class RecordScenarios {
    private static final int RECORDS = 1000;

    private RecordScenarios() {}

    /** The default producer, which is idempotent, into a topic that the broker makes by itself; read back without a group. */
    static void produceAndConsume(Connection connection) throws Exception {
        List<RecordMetadata> acknowledged = connection.produce(connection.name("plain"), 1, 0, RECORDS);
        requireSame(
                LongStream.range(0, RECORDS).boxed().toList(),
                acknowledged.stream().map(RecordMetadata::offset).toList());
        dataKept(connection);
        headers(connection);
    }

    static void dataKept(Connection connection) {
        requireSame(values(0, RECORDS), read(connection, connection.name("plain"), RECORDS));
    }

    static void headers(Connection connection) throws Exception {
        TopicPartition partition = new TopicPartition(connection.name("headers"), 0);
        try (KafkaProducer<String, String> producer = connection.producer(Map.of());
                KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            ProducerRecord<String, String> sent =
                    new ProducerRecord<>(partition.topic(), 0, 1234L, null, null, List.of());
            sent.headers().add("name", "value".getBytes(StandardCharsets.UTF_8)).add("empty", null);
            producer.send(sent).get();
            consumer.assign(List.of(partition));
            ConsumerRecord<String, String> seen = take(consumer, 1).get(0);
            requireEqual(sent.headers(), seen.headers());
            require(seen.key() == null && seen.value() == null && seen.timestamp() == 1234L, "saw " + seen);
        }
    }

    static void compressed(Connection connection) throws Exception {
        for (String compression : List.of("gzip", "snappy", "lz4", "zstd")) {
            String topic = connection.name(compression);
            connection.produce(Map.of("compression.type", compression), topic, 1, 0, RECORDS);
            requireSame(values(0, RECORDS), read(connection, topic, RECORDS));
        }
    }

    /** A consumer on an empty topic idles without errors, and sees a record that arrives later at once. */
    static void idleThenRecord(Connection connection) throws Exception {
        TopicPartition partition = new TopicPartition(connection.name("idle"), 0);
        connection.createTopic(partition.topic(), 1);
        try (KafkaProducer<String, String> producer = connection.producer(Map.of());
                KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            consumer.assign(Set.of(partition));
            require(consumer.poll(Duration.ofSeconds(5)).isEmpty(), "a record out of nothing");
            producer.send(new ProducerRecord<>(partition.topic(), "late")).get();
            long acknowledged = System.nanoTime();
            requireEqual("late", take(consumer, 1).get(0).value());
            Duration waited = Duration.ofNanos(System.nanoTime() - acknowledged);
            require(waited.toSeconds() < 2, "seen " + waited + " after the acknowledgement");
        }
    }

    /** All of partition 0, which must hold that many records and no more. */
    private static List<String> read(Connection connection, String topic, int count) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            List<String> seen =
                    take(consumer, count).stream().map(ConsumerRecord::value).toList();
            requireEqual((long) count, consumer.endOffsets(List.of(partition)).get(partition));
            return seen;
        }
    }
}
