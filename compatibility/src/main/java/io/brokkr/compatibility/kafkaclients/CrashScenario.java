package io.brokkr.compatibility.kafkaclients;

import static io.brokkr.compatibility.kafkaclients.Connection.require;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A producer with default settings (idempotent, acks=all) that goes on while its broker is killed and started anew.
 *
 * <p>Prints a line for every thousand acknowledgements. On input it stops, reads everything back, and demands that each partition holds each
 * acknowledged record exactly once and all records in the order in which they were sent.
 */
final class CrashScenario {
    private static final int PARTITIONS = 3;
    private static final int IN_FLIGHT = 5_000;
    private static final int MOST_RECORDS = 3_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Connection connection;
    private final String topic;
    private final BitSet acknowledged = new BitSet();
    private int count;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);

    private CrashScenario(Connection connection) {
        this.connection = connection;
        this.topic = connection.name("records");
    }

    static void surviveKills(Connection connection) throws Exception {
        connection.createTopic(connection.name("records"), PARTITIONS);
        CrashScenario scenario = new CrashScenario(connection);
        scenario.produceUntilTold();
        scenario.verify(scenario.readAll());
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
            acknowledge(number);
        }
        inFlight.release();
    }

    private synchronized void acknowledge(int number) {
        acknowledged.set(number);
        count++;
        if (count % 1000 == 0) {
            System.out.println("acknowledged " + count);
        }
    }

    private List<List<Integer>> readAll() {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        List<List<Integer>> values = IntStream.range(0, PARTITIONS)
                .<List<Integer>>mapToObj(partition -> new ArrayList<>())
                .toList();
        try (KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                require(System.nanoTime() < deadline, "the ends " + ends + " are not reached within " + PATIENCE);
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                    values.get(record.partition()).add(Integer.valueOf(record.value()));
                }
            }
        }
        return values;
    }

    private synchronized void verify(List<List<Integer>> partitions) {
        BitSet seen = new BitSet();
        for (List<Integer> values : partitions) {
            int last = -1;
            for (int value : values) {
                require(value != last, "record " + value + " is there twice");
                require(value > last, "record " + value + " after record " + last);
                last = value;
                seen.set(value);
            }
        }
        BitSet lost = (BitSet) acknowledged.clone();
        lost.andNot(seen);
        require(
                lost.isEmpty(),
                lost.cardinality() + " acknowledged records are lost, the first is " + lost.nextSetBit(0));
        System.err.println(acknowledged.cardinality() + " acknowledged, " + seen.cardinality() + " there");
    }
}
