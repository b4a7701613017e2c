package io.brokkr.compatibility.crash;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/** A producer with its default settings, idempotent and with acks=all. */
final class ProducingWorker extends Worker {

    private static final int IN_FLIGHT = 500;
    private static final int LARGEST_PADDING = 700;

    private final String bootstrapServer;
    private final String name;
    private final List<TopicPartition> partitions;
    private final Random random;
    private final Ledger ledger;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);

    ProducingWorker(
            String bootstrapServer, String name, List<TopicPartition> partitions, Random random, Ledger ledger) {
        super("producer-" + name);
        this.bootstrapServer = bootstrapServer;
        this.name = name;
        this.partitions = List.copyOf(partitions);
        this.random = random;
        this.ledger = ledger;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the callback has the outcome
    void work() throws InterruptedException {
        Map<TopicPartition, Long> numbers = new HashMap<>();
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrapServer, "client.id", name, "reconnect.backoff.max.ms", 100);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            while (goesOn()) {
                TopicPartition partition = partitions.get(random.nextInt(partitions.size()));
                String value = name + ":" + (numbers.merge(partition, 1L, Long::sum) - 1);
                ProducerRecord<String, String> record =
                        new ProducerRecord<>(partition.topic(), partition.partition(), null, value);
                record.headers().add("padding", new byte[random.nextInt(LARGEST_PADDING)]);
                inFlight.acquire();
                producer.send(record, (metadata, error) -> {
                    inFlight.release();
                    if (error != null) {
                        fail(error);
                    } else {
                        account(partition, metadata.offset(), value);
                    }
                });
            }
        }
    }

    private void account(TopicPartition partition, long offset, String value) {
        try {
            ledger.acknowledge(partition, offset, value);
        } catch (RuntimeException wrong) {
            fail(wrong);
        }
    }
}
