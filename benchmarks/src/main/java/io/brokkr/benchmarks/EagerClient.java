package io.brokkr.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's Java client in this process, which is warm after the first use, with default settings (acks=all, idempotent) but for its
 * back-offs of 5 ms: with the default ones, which grow to seconds, a start would measure the client. A client in a process of its own,
 * such as kcat, would add that process's start and its back-off.
 *
 * @param bootstrapServer {@code host:port}, which need not answer yet
 */
record EagerClient(String bootstrapServer) {
    private static final int PARTITIONS_PER_TOPIC = 100;
    private static final int TOPICS_PER_CALL = 10;
    private static final int LIMIT_MS = 600_000;

    /** A producer that connects as soon as the broker lets it. */
    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(settings(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    void createTopic(String topic, int partitions, Map<String, String> settings) throws Exception {
        create(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)));
    }

    /** So many partitions in topics {@code many-0}, {@code many-1}, ..., in one call. */
    void createPartitions(int partitions) throws Exception {
        create(many(partitions));
    }

    /** As {@link #createPartitions}, in calls that Apache Kafka takes too, with a record in each partition. */
    void fill(int partitions) throws Exception {
        List<NewTopic> topics = many(partitions);
        for (int from = 0; from < topics.size(); from += TOPICS_PER_CALL) {
            create(topics.subList(from, Math.min(topics.size(), from + TOPICS_PER_CALL)));
        }
        writeToEach(partitions);
    }

    /** A record in each of the partitions of {@link #createPartitions}. */
    void writeToEach(int partitions) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            List<? extends Future<?>> sent = many(partitions).stream()
                    .flatMap(EagerClient::records)
                    .map(producer::send)
                    .toList();
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    /** Deletes the topics of {@link #createPartitions}, in one call. */
    void deletePartitions(int partitions) throws Exception {
        try (Admin admin = Admin.create(settings())) {
            admin.deleteTopics(many(partitions).stream().map(NewTopic::name).toList())
                    .all()
                    .get();
        }
    }

    private void create(List<NewTopic> topics) throws Exception {
        try (Admin admin = Admin.create(settings())) {
            admin.createTopics(topics).all().get();
        }
    }

    private static List<NewTopic> many(int partitions) {
        int topics = Math.max(1, partitions / PARTITIONS_PER_TOPIC);
        return IntStream.range(0, topics)
                .mapToObj(topic -> new NewTopic("many-" + topic, partitions / topics, (short) 1))
                .toList();
    }

    private static Stream<ProducerRecord<byte[], byte[]>> records(NewTopic topic) {
        return IntStream.range(0, topic.numPartitions())
                .mapToObj(partition -> new ProducerRecord<>(topic.name(), partition, new byte[0], new byte[100]));
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrapServer);
        settings.put("request.timeout.ms", LIMIT_MS / 2);
        for (String limit : List.of("default.api.timeout.ms", "max.block.ms", "delivery.timeout.ms")) {
            settings.put(limit, LIMIT_MS);
        }
        for (String backOff :
                List.of("reconnect.backoff", "reconnect.backoff.max", "retry.backoff", "retry.backoff.max")) {
            settings.put(backOff + ".ms", 5);
        }
        return settings;
    }
}
