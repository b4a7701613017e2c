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

    /** A producer that connects as soon as the broker lets it. */
    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(settings(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    void createTopic(String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(settings())) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** So many partitions in topics {@code many-0}, {@code many-1}, ..., each with a record in it. */
    void fill(int partitions) throws Exception {
        int topics = Math.max(1, partitions / PARTITIONS_PER_TOPIC);
        for (int topic = 0; topic < topics; topic++) {
            createTopic("many-" + topic, partitions / topics);
        }
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            List<? extends Future<?>> sent = IntStream.range(0, topics)
                    .boxed()
                    .flatMap(topic -> records("many-" + topic, partitions / topics))
                    .map(producer::send)
                    .toList();
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    private static Stream<ProducerRecord<byte[], byte[]>> records(String topic, int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new ProducerRecord<>(topic, partition, new byte[0], new byte[100]));
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrapServer);
        for (String backOff :
                List.of("reconnect.backoff", "reconnect.backoff.max", "retry.backoff", "retry.backoff.max")) {
            settings.put(backOff + ".ms", 5);
        }
        return settings;
    }
}
