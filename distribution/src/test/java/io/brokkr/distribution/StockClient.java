package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's own client with its default settings, without a group. */
final class StockClient {

    private static final int RECORDS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private StockClient() {}

    /** Some records, into a topic that is made for it, and out again. */
    static void producesAndConsumes(BrokkrProcess broker) throws Exception {
        TopicPartition partition = new TopicPartition("greetings", 0);
        List<String> sent = IntStream.range(0, RECORDS)
                .mapToObj(number -> "hello " + number)
                .toList();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (String value : sent) {
                producer.send(new ProducerRecord<>(partition.topic(), value))
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
        assertThat(consumed(broker, partition)).isEqualTo(sent);
    }

    private static List<String> consumed(BrokkrProcess broker, TopicPartition partition) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            long begin = System.nanoTime();
            while (values.size() < RECORDS && System.nanoTime() - begin < PATIENCE.toNanos()) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }
}
