package io.brokkr.compatibility.kafkaclients;

import static io.brokkr.compatibility.kafkaclients.Connection.await;
import static io.brokkr.compatibility.kafkaclients.Connection.require;
import static io.brokkr.compatibility.kafkaclients.Connection.requireEqual;
import static io.brokkr.compatibility.kafkaclients.Connection.requireFails;
import static io.brokkr.compatibility.kafkaclients.Connection.requireSame;
import static io.brokkr.compatibility.kafkaclients.Connection.take;
import static io.brokkr.compatibility.kafkaclients.Connection.values;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** The tests that every client of the matrix has, as far as the other scenarios do not cover them. */
final class MatrixScenarios {
    private static final int RECORDS = 1000;

    /** A batch may be this large by default; one of a single record without key and headers is 72 bytes larger than its value. */
    private static final int LARGEST_VALUE = 1_048_588 - 72;

    private MatrixScenarios() {}

    /** What the client learned is not in its API: it is read from the field where it keeps it. */
    static void apiVersions(Connection connection) throws Exception {
        try (KafkaProducer<String, String> producer = connection.producer(Map.of())) {
            producer.partitionsFor(connection.name("versions"));
            String learned = String.valueOf(field(field(producer, "apiVersions"), "nodeApiVersions"));
            for (String api : List.of("Produce(0)", "Fetch(1)", "Metadata(3)")) {
                require(learned.contains(api + ": "), api + " is not in " + learned);
                require(!learned.contains(api + ": UNSUPPORTED"), learned);
            }
        }
    }

    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    static void metadata(Connection connection) throws Exception {
        String topic = connection.name("metadata");
        connection.createTopic(topic, 3);
        try (KafkaProducer<String, String> producer = connection.producer(Map.of());
                Admin admin = connection.admin()) {
            await("three partitions", () -> producer.partitionsFor(topic).size() == 3);
            Node node = admin.describeCluster().nodes().get().iterator().next();
            requireEqual(connection.bootstrapServer(), node.host() + ":" + node.port());
            for (PartitionInfo partition : producer.partitionsFor(topic)) {
                requireEqual(node, partition.leader());
                requireEqual(List.of(node), List.of(partition.replicas()));
                requireEqual(List.of(node), List.of(partition.inSyncReplicas()));
            }
        }
    }

    static void produce(Connection connection) throws Exception {
        List<RecordMetadata> acknowledged = connection.produce(connection.name("produce"), 1, 0, RECORDS);
        requireSame(
                LongStream.range(0, RECORDS).boxed().toList(),
                acknowledged.stream().map(RecordMetadata::offset).toList());
    }

    static void fetch(Connection connection) throws Exception {
        produceAndRead(connection, "fetch", Map.of(), Map.of());
    }

    static void codec(Connection connection, String codec) throws Exception {
        produceAndRead(connection, codec, Map.of("compression.type", codec, "linger.ms", "50"), Map.of());
    }

    /** The producer is idempotent by default; small batches make many sequence numbers. */
    static void idempotent(Connection connection) throws Exception {
        produceAndRead(connection, "idempotent", Map.of("enable.idempotence", "true", "batch.size", "500"), Map.of());
    }

    static void pipelined(Connection connection) throws Exception {
        Map<String, String> settings = Map.of(
                "batch.size", "200", "max.in.flight.requests.per.connection", "5", "enable.idempotence", "false");
        produceAndRead(connection, "pipelined", settings, Map.of());
    }

    static void slowConsumer(Connection connection) throws Exception {
        Map<String, String> small =
                Map.of("max.partition.fetch.bytes", "1024", "fetch.max.bytes", "1024", "max.poll.records", "7");
        produceAndRead(connection, "slow", Map.of(), small);
    }

    private static void produceAndRead(
            Connection connection, String name, Map<String, String> producer, Map<String, String> consumer)
            throws Exception {
        String topic = connection.name(name);
        connection.produce(producer, topic, 1, 0, RECORDS);
        try (KafkaConsumer<String, String> reader = connection.consumer(consumer)) {
            reader.assign(List.of(new TopicPartition(topic, 0)));
            List<ConsumerRecord<String, String>> records = take(reader, RECORDS);
            requireSame(
                    values(0, RECORDS),
                    records.stream().map(ConsumerRecord::value).toList());
        }
    }

    static void nulls(Connection connection) throws Exception {
        TopicPartition partition = new TopicPartition(connection.name("nulls"), 0);
        String[][] sent = {{null, "value"}, {"key", null}, {null, null}, {"", ""}};
        try (KafkaProducer<String, String> producer = connection.producer(Map.of());
                KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            for (String[] pair : sent) {
                producer.send(new ProducerRecord<>(partition.topic(), 0, pair[0], pair[1]))
                        .get();
            }
            consumer.assign(List.of(partition));
            List<ConsumerRecord<String, String>> seen = take(consumer, sent.length);
            for (int index = 0; index < sent.length; index++) {
                requireEqual(sent[index][0], seen.get(index).key());
                requireEqual(sent[index][1], seen.get(index).value());
            }
        }
    }

    /** The largest batch that a broker takes by default is taken, one that is a byte larger is refused, and the next one is taken again. */
    static void largeMessages(Connection connection) throws Exception {
        TopicPartition partition = new TopicPartition(connection.name("large"), 0);
        Map<String, String> settings = Map.of("max.request.size", "4000000");
        try (KafkaProducer<String, String> producer = connection.producer(settings);
                KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            requireEqual(0L, sendNoise(producer, partition, LARGEST_VALUE).get().offset());
            requireFails(RecordTooLargeException.class, sendNoise(producer, partition, LARGEST_VALUE + 1));
            requireEqual(1L, sendNoise(producer, partition, 10).get().offset());
            consumer.assign(List.of(partition));
            requireEqual(noise(LARGEST_VALUE), take(consumer, 2).get(0).value());
        }
    }

    private static Future<RecordMetadata> sendNoise(
            KafkaProducer<String, String> producer, TopicPartition partition, int size) {
        return producer.send(new ProducerRecord<>(partition.topic(), 0, null, noise(size)));
    }

    /** Text that does not compress well, always the same for a size. */
    private static String noise(int size) {
        return new Random(size)
                .ints(size, '!', '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static void listOffsetsByTime(Connection connection) throws Exception {
        TopicPartition partition = new TopicPartition(connection.name("times"), 0);
        long start = System.currentTimeMillis() - 100_000;
        try (KafkaProducer<String, String> producer = connection.producer(Map.of());
                KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            for (int number = 0; number < 10; number++) {
                producer.send(new ProducerRecord<>(partition.topic(), 0, start + number * 1000L, "", "value"))
                        .get();
            }
            OffsetAndTimestamp found =
                    consumer.offsetsForTimes(Map.of(partition, start + 3500)).get(partition);
            requireEqual(4L, found.offset());
            requireEqual(start + 4000, found.timestamp());
            requireEqual(
                    null,
                    consumer.offsetsForTimes(Map.of(partition, start + 50_000)).get(partition));
            requireEqual(Map.of(partition, 0L), consumer.beginningOffsets(List.of(partition)));
            requireEqual(Map.of(partition, 10L), consumer.endOffsets(List.of(partition)));
        }
    }

    @SuppressWarnings("removal") // What 4.x calls it instead is absent from 3.9.
    static void listGroups(Connection connection) throws Exception {
        String topic = connection.name("listed");
        connection.produce(topic, 1, 0, 1);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Member member = new Member(connection, topic, Map.of(), seen);
        await("the record", () -> !seen.isEmpty());
        try (Admin admin = connection.admin()) {
            List<String> groups = new ArrayList<>();
            admin.listConsumerGroups().all().get().forEach(listing -> groups.add(listing.groupId()));
            require(groups.contains(topic), topic + " is not among " + groups);
        }
        member.leave();
    }

    /** Two members share a topic, see every record, and leave their commits at the end. */
    static void consumerGroup(Connection connection) throws Exception {
        String topic = connection.name("shared");
        connection.createTopic(topic, 2);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        List<Member> members =
                List.of(new Member(connection, topic, Map.of(), seen), new Member(connection, topic, Map.of(), seen));
        await("a partition each", () -> members.stream()
                .allMatch(member -> member.owned().size() == 1));
        connection.produce(topic, 2, 0, RECORDS);
        await("all records", () -> seen.size() >= RECORDS);
        for (Member member : members) {
            member.leave();
        }
        requireSame(
                values(0, RECORDS).stream().sorted().toList(),
                seen.stream().sorted().toList());
        TopicPartition first = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = connection.consumer(Map.of("group.id", topic))) {
            OffsetAndMetadata committed = consumer.committed(Set.of(first)).get(first);
            requireEqual(RECORDS / 2L, committed.offset());
        }
    }
}
