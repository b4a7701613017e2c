package io.brokkr.compatibility.elders;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Makes clients of one broker, and what the tests do with them over and over.
 *
 * @param bootstrapServer {@code host:port}
 * @param topic the test's own topic, also the name of its group
 * @param prefix of all names of this client
 */
record Connection(String bootstrapServer, String topic, String prefix) {
    private static final long PATIENCE_MS = 30_000;

    TopicPartition partition() {
        return new TopicPartition(topic, 0);
    }

    KafkaProducer<String, String> producer(Map<String, ?> settings) {
        return new KafkaProducer<>(properties(settings), new StringSerializer(), new StringSerializer());
    }

    KafkaConsumer<String, String> consumer(Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("auto.offset.reset", "earliest");
        // Releases before 2.2 cannot do without a group.
        all.putIfAbsent("group.id", topic + "-reader");
        return new KafkaConsumer<>(properties(all), new StringDeserializer(), new StringDeserializer());
    }

    /** Has the broker make the topic, as clients without an admin client do. */
    void makeTopic(String name) {
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.partitionsFor(name);
        }
    }

    /** Sends the numbers of the range as records to partition 0, and awaits every acknowledgement. Returns the offsets. */
    List<Long> produce(Map<String, ?> settings, String name, int from, int to) throws Exception {
        try (KafkaProducer<String, String> producer = producer(settings)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int number = from; number < to; number++) {
                sent.add(producer.send(new ProducerRecord<>(name, 0, Integer.toString(number), value(number))));
            }
            List<Long> offsets = new ArrayList<>();
            for (Future<RecordMetadata> one : sent) {
                offsets.add(one.get().offset());
            }
            return offsets;
        }
    }

    /** All of partition 0, which must hold that many records and no more. */
    List<ConsumerRecord<String, String>> read(int count, Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("enable.auto.commit", "false");
        try (KafkaConsumer<String, String> consumer = consumer(all)) {
            consumer.assign(List.of(partition()));
            consumer.seekToBeginning(List.of(partition()));
            List<ConsumerRecord<String, String>> records = take(consumer, count);
            requireEqual(count, records.size());
            return records;
        }
    }

    /** Polls until so many records came, or throws. */
    @SuppressWarnings("deprecation") // The only poll that these releases share.
    static List<ConsumerRecord<String, String>> take(KafkaConsumer<String, String> consumer, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long deadline = System.currentTimeMillis() + PATIENCE_MS;
        while (records.size() < count) {
            require(System.currentTimeMillis() < deadline, records.size() + " of " + count + " records came");
            consumer.poll(500).forEach(records::add);
        }
        return records;
    }

    /** What {@link #produce} sends as a number's value. */
    static String value(int number) {
        return "record " + number;
    }

    static List<String> values(int from, int to) {
        return IntStream.range(from, to).mapToObj(Connection::value).collect(Collectors.toList());
    }

    static List<String> values(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).collect(Collectors.toList());
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    static void requireEqual(Object expected, Object seen) {
        require(Objects.equals(expected, seen), brief("expected " + expected) + ", " + brief("saw " + seen));
    }

    private static String brief(String text) {
        return text.length() < 200 ? text : text.substring(0, 200) + "... (" + text.length() + " characters)";
    }

    /** Waits until the condition holds, or throws. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.currentTimeMillis() + PATIENCE_MS;
        while (!condition.call()) {
            require(System.currentTimeMillis() < deadline, "not within " + PATIENCE_MS + " ms: " + what);
            Thread.sleep(20);
        }
    }

    Properties properties(Map<String, ?> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.put("bootstrap.servers", bootstrapServer);
        return properties;
    }
}
