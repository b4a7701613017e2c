package io.brokkr.compatibility.kafkaclients;

import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A producer with default settings (idempotent, acks=all) that goes on while its broker is killed and started anew.
 *
 * <p>Prints a line for every thousand acknowledgements. On input it stops, and {@link AcknowledgedRecords#verify} judges.
 */
final class CrashScenario {
    private static final int PARTITIONS = 3;
    private static final int IN_FLIGHT = 5_000;
    private static final int MOST_RECORDS = 3_000_000;

    private final Connection connection;
    private final String topic;
    private final AcknowledgedRecords records;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);

    private CrashScenario(Connection connection) {
        this.connection = connection;
        this.topic = connection.name("records");
        this.records = new AcknowledgedRecords(connection, topic, PARTITIONS);
    }

    static void surviveKills(Connection connection) throws Exception {
        connection.createTopic(connection.name("records"), PARTITIONS);
        CrashScenario scenario = new CrashScenario(connection);
        scenario.produceUntilTold();
        scenario.records.verify();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback has the outcome
    private void produceUntilTold() throws Exception {
        try (KafkaProducer<String, String> producer = connection.producer(Map.of())) {
            for (int number = 0;
                    number < MOST_RECORDS && System.in.available() == 0 && failure.get() == null;
                    number++) {
                inFlight.acquire();
                int sent = number;
                ProducerRecord<String, String> record =
                        new ProducerRecord<>(topic, number % PARTITIONS, null, Integer.toString(number));
                producer.send(record, (metadata, error) -> settle(sent, error));
            }
        }
        Exception met = failure.get();
        if (met != null) {
            throw met;
        }
    }

    /** Called on the producer's thread. */
    private void settle(int number, @Nullable Exception error) {
        if (error != null) {
            failure.compareAndSet(null, error);
        } else {
            int count = records.acknowledge(number);
            if (count % 1000 == 0) {
                System.out.println("acknowledged " + count);
            }
        }
        inFlight.release();
    }
}
