package io.brokkr.compatibility.crash;

import io.brokkr.compatibility.CheckFailedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A consumer that reads everything from the beginning and goes on where it is, whatever happens to the broker. */
final class ConsumingWorker extends Worker {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String bootstrapServer;
    private final Ledger ledger;

    ConsumingWorker(String bootstrapServer, Ledger ledger) {
        super("consumer");
        this.bootstrapServer = bootstrapServer;
        this.ledger = ledger;
    }

    private static KafkaConsumer<String, String> consumer(String bootstrapServer) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServer, "auto.offset.reset", "none", "reconnect.backoff.max.ms", 100);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    @Override
    void work() {
        try (KafkaConsumer<String, String> consumer = consumer(bootstrapServer)) {
            consumer.assign(Topics.all());
            Topics.all().forEach(partition -> consumer.seek(partition, 0));
            while (goesOn()) {
                try {
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                        ledger.see(
                                new TopicPartition(record.topic(), record.partition()),
                                record.offset(),
                                record.value());
                    }
                } catch (OffsetOutOfRangeException gone) {
                    goOnBehindWhatIsDeleted(consumer, gone)
                            .forEach((partition, start) ->
                                    ledger.passOver(partition, start, Topics.mayExpire(partition)));
                }
            }
        }
    }

    /** What was deleted before it was seen is passed over; that something was seen which is not there any more is the fault to be found. Gives where it goes on. */
    private static Map<TopicPartition, Long> goOnBehindWhatIsDeleted(
            KafkaConsumer<String, String> consumer, OffsetOutOfRangeException gone) {
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(gone.partitions());
        gone.offsetOutOfRangePartitions().forEach((partition, offset) -> {
            CheckFailedException.unless(
                    offset < starts.get(partition),
                    "a consumer is at " + offset + " of " + partition + ", and the broker does not know of it");
            consumer.seek(partition, starts.get(partition));
        });
        return starts;
    }

    /** Compares all that is there with the ledger. */
    static void checkAll(String bootstrapServer, Ledger ledger) {
        try (KafkaConsumer<String, String> consumer = consumer(bootstrapServer)) {
            for (Topics topic : Topics.values()) {
                check(consumer, topic, ledger);
            }
        }
    }

    private static void check(KafkaConsumer<String, String> consumer, Topics topic, Ledger ledger) {
        List<TopicPartition> partitions = topic.partitions().toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        starts.forEach(consumer::seek);
        Map<TopicPartition, TreeMap<Long, String>> found = new HashMap<>();
        partitions.forEach(partition -> found.put(partition, new TreeMap<>()));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            CheckFailedException.unless(System.nanoTime() < deadline, "the ends " + ends + " are not reached");
            try {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    found.get(new TopicPartition(record.topic(), record.partition()))
                            .put(record.offset(), record.value());
                }
            } catch (OffsetOutOfRangeException gone) {
                goOnBehindWhatIsDeleted(consumer, gone);
            }
        }
        Map<TopicPartition, Long> startsNow = consumer.beginningOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long start = startsNow.get(partition);
            TreeMap<Long, String> left = new TreeMap<>(found.get(partition).tailMap(start, true));
            ledger.checkAll(partition, left, start, ends.get(partition), Topics.mayExpire(partition));
        }
    }

    /** Compares the ends of all partitions with the ledger, which costs little. */
    static void checkEnds(String bootstrapServer, Ledger ledger) {
        try (KafkaConsumer<String, String> consumer = consumer(bootstrapServer)) {
            // What is acknowledged after the ends were asked for, is not asked for.
            Map<TopicPartition, Long> known = ledger.leastEnds();
            consumer.endOffsets(Topics.all())
                    .forEach((partition, end) -> CheckFailedException.unless(
                            end >= known.getOrDefault(partition, 0L),
                            partition + " ends at " + end + ", and records up to " + known.get(partition)
                                    + " were acknowledged or seen"));
        }
    }
}
