package io.brokkr.compatibility.kafkaclients;

import static io.brokkr.compatibility.kafkaclients.Connection.require;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Remembers which of the records 0, 1, 2, ... of a topic were acknowledged, and demands them back. A record's value is its number. Thread-safe. */
final class AcknowledgedRecords {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Connection connection;
    private final String topic;
    private final int partitions;
    private final BitSet acknowledged = new BitSet();
    private int count;

    AcknowledgedRecords(Connection connection, String topic, int partitions) {
        this.connection = connection;
        this.topic = topic;
        this.partitions = partitions;
    }

    /** Gives the number of records that are acknowledged now. */
    synchronized int acknowledge(int number) {
        acknowledged.set(number);
        return ++count;
    }

    /** Reads everything: each partition holds each acknowledged record exactly once, and all records in the order in which they were sent. */
    void verify() {
        List<List<Integer>> values = readAll();
        synchronized (this) {
            verify(values);
        }
    }

    private List<List<Integer>> readAll() {
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        List<List<Integer>> values = IntStream.range(0, partitions)
                .<List<Integer>>mapToObj(partition -> new ArrayList<>())
                .toList();
        try (KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (all.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                require(System.nanoTime() < deadline, "the ends " + ends + " are not reached within " + PATIENCE);
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                    values.get(record.partition()).add(Integer.valueOf(record.value()));
                }
            }
        }
        return values;
    }

    private void verify(List<List<Integer>> found) {
        BitSet seen = new BitSet();
        for (List<Integer> values : found) {
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
