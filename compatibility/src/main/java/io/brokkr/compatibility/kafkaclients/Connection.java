package io.brokkr.compatibility.kafkaclients;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes clients of one broker, and what the tests do with them over and over.
 *
 * @param bootstrapServer {@code host:port}
 * @param prefix of topics and groups
 */
record Connection(String bootstrapServer, String prefix) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    String name(String topic) {
        return prefix + "-" + topic;
    }

    KafkaProducer<String, String> producer(Map<String, ?> settings) {
        return new KafkaProducer<>(properties(settings), new StringSerializer(), new StringSerializer());
    }

    KafkaConsumer<String, String> consumer(Map<String, ?> settings) {
        Properties properties = properties(settings);
        properties.putIfAbsent("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }

    Admin admin() {
        return Admin.create(properties(Map.of()));
    }

    void createTopic(String topic, int partitions) throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** Sends the numbers of the range as records, number n to partition n modulo partitions, and awaits every acknowledgement. */
    List<RecordMetadata> produce(String topic, int partitions, int from, int to) throws Exception {
        return produce(Map.of(), topic, partitions, from, to);
    }

    /** As the other, with settings for the producer. */
    List<RecordMetadata> produce(Map<String, ?> settings, String topic, int partitions, int from, int to)
            throws Exception {
        try (KafkaProducer<String, String> producer = producer(settings)) {
            List<Future<RecordMetadata>> sent = IntStream.range(from, to)
                    .mapToObj(number -> producer.send(
                            new ProducerRecord<>(topic, number % partitions, Integer.toString(number), value(number))))
                    .toList();
            List<RecordMetadata> acknowledged = new ArrayList<>();
            for (Future<RecordMetadata> one : sent) {
                acknowledged.add(one.get());
            }
            return acknowledged;
        }
    }

    /** Polls until so many records came, or throws. */
    static List<ConsumerRecord<String, String>> take(KafkaConsumer<String, String> consumer, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (records.size() < count) {
            require(System.nanoTime() < deadline, records.size() + " of " + count + " records within " + PATIENCE);
            consumer.poll(Duration.ofMillis(500)).forEach(records::add);
        }
        return records;
    }

    /** What {@link #produce} sends as a number's value. */
    static String value(int number) {
        return "record " + number;
    }

    static List<String> values(int from, int to) {
        return IntStream.range(from, to).mapToObj(Connection::value).toList();
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    static void requireEqual(@Nullable Object expected, @Nullable Object seen) {
        require(Objects.equals(expected, seen), "expected " + expected + ", saw " + seen);
    }

    /** As the other, and says where long lists begin to differ. */
    static <T> void requireSame(List<T> expected, List<T> seen) {
        int same = 0;
        while (same < Math.min(expected.size(), seen.size())
                && expected.get(same).equals(seen.get(same))) {
            same++;
        }
        require(
                same == expected.size() && same == seen.size(),
                "expected " + expected.size() + ", saw " + seen.size() + "; number " + same + " should be "
                        + (same < expected.size() ? expected.get(same) : "no more") + " and is "
                        + (same < seen.size() ? seen.get(same) : "not there"));
    }

    /** Waits until the condition holds, or throws. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            require(System.nanoTime() < deadline, "not within " + PATIENCE + ": " + what);
            Thread.sleep(20);
        }
    }

    /** The call must fail with this error of Kafka's. */
    static void requireFails(Class<? extends Exception> error, Future<?> call) throws InterruptedException {
        try {
            call.get();
        } catch (ExecutionException e) {
            require(error.isInstance(e.getCause()), "expected " + error.getSimpleName() + ", saw " + e.getCause());
            return;
        }
        throw new AssertionError("expected " + error.getSimpleName() + ", saw no error");
    }

    private Properties properties(Map<String, ?> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.put("bootstrap.servers", bootstrapServer);
        return properties;
    }
}
