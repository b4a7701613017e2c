package io.brokkr.compatibility.kafkaclients;

import static io.brokkr.compatibility.kafkaclients.Connection.require;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A producer that fills the broker's disk. Prints {@code refused} when a record is refused, and demands back what was acknowledged until then; on input,
 * when there is space again, it demands that the broker takes further records, and that all which it acknowledged are there.
 */
final class FullDiskScenario {
    private static final int RECORD_BYTES = 100_000;
    private static final int MOST_RECORDS = 5_000;
    private static final int FURTHER_RECORDS = 10;

    private final Connection connection;
    private final String topic;
    private final AcknowledgedRecords records;
    private int next;

    private FullDiskScenario(Connection connection) {
        this.connection = connection;
        this.topic = connection.name("records");
        this.records = new AcknowledgedRecords(connection, topic, 1);
    }

    static void fillDisk(Connection connection) throws Exception {
        connection.createTopic(connection.name("records"), 1);
        FullDiskScenario scenario = new FullDiskScenario(connection);
        scenario.produceUntilRefused();
        scenario.records.verify();
        System.out.println("refused");
        require(System.in.read() >= 0, "nobody says that there is space again");
        scenario.produceAgain();
        scenario.records.verify();
    }

    private void produceUntilRefused() throws Exception {
        // Kafka's producers try again for two minutes: the error comes back to the application when that time is over.
        Map<String, ?> impatient = Map.of("delivery.timeout.ms", 4000, "request.timeout.ms", 2000);
        try (KafkaProducer<String, String> producer = connection.producer(impatient)) {
            for (next = 0; next < MOST_RECORDS; next++) {
                try {
                    send(producer);
                } catch (ExecutionException refusal) {
                    System.err.println("record " + next + " is refused: " + refusal.getCause());
                    // Whether it was written after all nobody knows; its number is not used again.
                    next++;
                    return;
                }
            }
        }
        throw new AssertionError(MOST_RECORDS + " records did not fill the disk");
    }

    private void produceAgain() throws Exception {
        try (KafkaProducer<String, String> producer = connection.producer(Map.of("delivery.timeout.ms", 40_000))) {
            for (int further = 0; further < FURTHER_RECORDS; further++) {
                send(producer);
                next++;
            }
        }
    }

    private void send(KafkaProducer<String, String> producer) throws ExecutionException, InterruptedException {
        byte[] padding = new byte[RECORD_BYTES];
        ThreadLocalRandom.current().nextBytes(padding);
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, 0, null, Integer.toString(next));
        record.headers().add("padding", padding);
        producer.send(record).get();
        records.acknowledge(next);
    }
}
