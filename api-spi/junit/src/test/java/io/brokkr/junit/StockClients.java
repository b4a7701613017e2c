package io.brokkr.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Apache Kafka's clients with their defaults. */
final class StockClients {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Map<String, Object> settings;

    StockClients(TestBroker broker) {
        this(broker, Map.of());
    }

    StockClients(TestBroker broker, Map<String, Object> ofTheProducer) {
        settings = new HashMap<>(ofTheProducer);
        settings.put("bootstrap.servers", broker.getBootstrapServers());
    }

    /** Returns when all of them are acknowledged. */
    void produce(String topic, List<String> values) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, value)).get(LIMIT_NANOS, TimeUnit.NANOSECONDS);
            }
        }
    }

    /** From the beginning, as one of a group. */
    List<String> consume(String topic, String group, int count) {
        Map<String, Object> all = Map.of(
                "bootstrap.servers",
                settings.get("bootstrap.servers"),
                "group.id",
                group,
                "auto.offset.reset",
                "earliest");
        List<String> values = new ArrayList<>();
        long began = System.nanoTime();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (values.size() < count && System.nanoTime() - began < LIMIT_NANOS) {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> values.add(record.value()));
            }
        }
        assertThat(values).hasSizeGreaterThanOrEqualTo(count);
        return values;
    }
}
