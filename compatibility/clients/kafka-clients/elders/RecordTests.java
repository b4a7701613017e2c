package io.brokkr.compatibility.elders;

import static io.brokkr.compatibility.elders.Connection.require;
import static io.brokkr.compatibility.elders.Connection.requireEqual;
import static io.brokkr.compatibility.elders.Connection.take;
import static io.brokkr.compatibility.elders.Connection.values;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;

/** Records in, records out. */
final class RecordTests {
    private static final int RECORDS = 1000;

    /** A batch may be this large by default; one of a single record without key and headers is 72 bytes larger than its value. */
    private static final int LARGEST_VALUE = 1_048_588 - 72;

    private RecordTests() {}

    /** What the client learned is not in its API: it is read from the fields where it keeps it. */
    static void apiVersions(Connection connection) throws Exception {
        try (KafkaProducer<String, String> producer = connection.producer(Map.of())) {
            producer.partitionsFor(connection.topic());
            String learned = learnedVersions(producer);
            for (String api : List.of("Produce(0)", "Fetch(1)", "Metadata(3)")) {
                require(learned.contains(api + ": "), api + " is not in " + learned);
                require(!learned.contains(api + ": UNSUPPORTED"), learned);
            }
        }
    }

    private static String learnedVersions(KafkaProducer<String, String> producer) throws Exception {
        if (ElderClientsProgram.isAtLeast("0.11")) {
            return String.valueOf(field(field(producer, "apiVersions"), "nodeApiVersions"));
        }
        return String.valueOf(field(field(field(producer, "sender"), "client"), "nodeApiVersions"));
    }

    private static Object field(Object owner, String name) throws Exception {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    static void metadata(Connection connection) {
        try (KafkaProducer<String, String> producer = connection.producer(Map.of())) {
            List<PartitionInfo> partitions = producer.partitionsFor(connection.topic());
            requireEqual(1, partitions.size());
            PartitionInfo partition = partitions.get(0);
            requireEqual(
                    connection.bootstrapServer(),
                    partition.leader().host() + ":" + partition.leader().port());
            requireEqual(1, partition.replicas().length);
            requireEqual(1, partition.inSyncReplicas().length);
        }
    }

    static void produce(Connection connection) throws Exception {
        produceAll(connection, Map.of());
    }

    static void fetch(Connection connection) throws Exception {
        produceAndRead(connection, Map.of());
    }

    static void idempotent(Connection connection) throws Exception {
        produceAndRead(connection, Map.of("enable.idempotence", "true", "acks", "all", "batch.size", "500"));
    }

    /** Every release before 0.11 sends Produce version 2; an acknowledgement that it misreads never comes. */
    static void produceV2Regression(Connection connection) throws Exception {
        if (ElderClientsProgram.isAtLeast("0.11")) {
            ElderClientsProgram.notSupported("this release sends Produce version 3 or later");
        }
        try (KafkaProducer<String, String> producer = connection.producer(Map.of())) {
            for (long number = 0; number < 10; number++) {
                long start = System.currentTimeMillis();
                ProducerRecord<String, String> record = new ProducerRecord<>(connection.topic(), "value");
                requireEqual(number, producer.send(record).get(5, TimeUnit.SECONDS).offset());
                require(System.currentTimeMillis() - start < 5000, "acknowledged after 5 s only");
            }
        }
        connection.read(10, Map.of());
    }

    static void emptyTopic(Connection connection) throws Exception {
        connection.makeTopic(connection.topic());
        try (KafkaProducer<String, String> producer = connection.producer(Map.of());
                KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            consumer.assign(List.of(connection.partition()));
            requireIdle(consumer, 5000);
            producer.send(new ProducerRecord<>(connection.topic(), "late")).get();
            long acknowledged = System.currentTimeMillis();
            requireEqual("late", take(consumer, 1).get(0).value());
            long waited = System.currentTimeMillis() - acknowledged;
            require(waited < 2000, "seen " + waited + " ms after the acknowledgement");
        }
    }

    @SuppressWarnings("deprecation") // The only poll that these releases share.
    private static void requireIdle(KafkaConsumer<String, String> consumer, long milliseconds) {
        long deadline = System.currentTimeMillis() + milliseconds;
        while (System.currentTimeMillis() < deadline) {
            require(consumer.poll(500).isEmpty(), "a record out of nothing");
        }
    }

    static void headers(Connection connection) throws Exception {
        ProducerRecord<String, String> sent = new ProducerRecord<>(connection.topic(), 0, "key", "value");
        sent.headers().add("name", "value".getBytes(StandardCharsets.UTF_8)).add("name", new byte[0]).add("null", null);
        try (KafkaProducer<String, String> producer = connection.producer(Map.of())) {
            producer.send(sent).get();
        }
        Header[] seen = connection.read(1, Map.of()).get(0).headers().toArray();
        requireEqual(List.of(sent.headers().toArray()), List.of(seen));
    }

    static void nulls(Connection connection) throws Exception {
        String[][] sent = {{null, "value"}, {"key", null}, {null, null}, {"", ""}};
        try (KafkaProducer<String, String> producer = connection.producer(Map.of())) {
            for (String[] pair : sent) {
                producer.send(new ProducerRecord<>(connection.topic(), 0, pair[0], pair[1])).get();
            }
        }
        List<ConsumerRecord<String, String>> seen = connection.read(sent.length, Map.of());
        for (int index = 0; index < sent.length; index++) {
            requireEqual(sent[index][0], seen.get(index).key());
            requireEqual(sent[index][1], seen.get(index).value());
        }
    }

    static void codec(Connection connection, String codec) throws Exception {
        produceAndRead(connection, Map.of("compression.type", codec, "linger.ms", "50"));
    }

    static void largeMessages(Connection connection) throws Exception {
        Map<String, String> settings = Map.of("max.request.size", "4000000");
        try (KafkaProducer<String, String> producer = connection.producer(settings)) {
            requireEqual(0L, sendNoise(producer, connection, LARGEST_VALUE));
            try {
                sendNoise(producer, connection, LARGEST_VALUE + 1);
                throw new AssertionError("a batch over the limit was taken");
            } catch (ExecutionException e) {
                require(e.getCause() instanceof RecordTooLargeException, "over the limit: " + e.getCause());
            }
            requireEqual(1L, sendNoise(producer, connection, 10));
        }
        List<ConsumerRecord<String, String>> seen = connection.read(2, Map.of());
        requireEqual(noise(LARGEST_VALUE), seen.get(0).value());
    }

    private static long sendNoise(KafkaProducer<String, String> producer, Connection connection, int size)
            throws Exception {
        ProducerRecord<String, String> record = new ProducerRecord<>(connection.topic(), noise(size));
        return producer.send(record).get().offset();
    }

    /** Text that does not compress well, always the same for a size. */
    private static String noise(int size) {
        return new Random(size)
                .ints(size, '!', '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static void listOffsetsByTime(Connection connection) throws Exception {
        long start = System.currentTimeMillis() - 100_000;
        try (KafkaProducer<String, String> producer = connection.producer(Map.of())) {
            for (int number = 0; number < 10; number++) {
                producer.send(new ProducerRecord<>(connection.topic(), 0, start + number * 1000L, "", "value")).get();
            }
        }
        TopicPartition partition = connection.partition();
        try (KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            OffsetAndTimestamp found = at(consumer, partition, start + 3500);
            requireEqual(4L, found.offset());
            requireEqual(start + 4000, found.timestamp());
            requireEqual(3L, at(consumer, partition, start + 3000).offset());
            requireEqual(null, at(consumer, partition, start + 50_000));
            requireEqual(Map.of(partition, 0L), consumer.beginningOffsets(List.of(partition)));
            requireEqual(Map.of(partition, 10L), consumer.endOffsets(List.of(partition)));
        }
    }

    private static OffsetAndTimestamp at(KafkaConsumer<String, String> consumer, TopicPartition partition, long time) {
        return consumer.offsetsForTimes(Map.of(partition, time)).get(partition);
    }

    /** A batch for each few records, and five of them on their way. */
    static void pipelined(Connection connection) throws Exception {
        produceAndRead(
                connection, Map.of("batch.size", "200", "max.in.flight.requests.per.connection", "5", "acks", "all"));
    }

    static void slowConsumer(Connection connection) throws Exception {
        List<String> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = connection.producer(Map.of())) {
            for (int number = 0; number < 40; number++) {
                sent.add(number + noise(5000));
                producer.send(new ProducerRecord<>(connection.topic(), 0, "", sent.get(number))).get();
            }
        }
        Map<String, String> settings = Map.of("max.partition.fetch.bytes", "1024", "fetch.max.bytes", "1024");
        requireEqual(sent, values(connection.read(40, settings)));
    }

    private static void produceAndRead(Connection connection, Map<String, String> settings) throws Exception {
        produceAll(connection, settings);
        requireEqual(values(0, RECORDS), values(connection.read(RECORDS, Map.of())));
    }

    private static void produceAll(Connection connection, Map<String, String> settings) throws Exception {
        List<Long> expected = LongStream.range(0, RECORDS).boxed().collect(Collectors.toList());
        requireEqual(expected, connection.produce(settings, connection.topic(), 0, RECORDS));
    }
}
