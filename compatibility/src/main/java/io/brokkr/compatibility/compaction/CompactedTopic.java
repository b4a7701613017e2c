package io.brokkr.compatibility.compaction;

import io.brokkr.compatibility.BrokerProgram;
import io.brokkr.compatibility.CheckFailedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * A topic that is compacted as often as its broker looks at it ({@link #BROKER_SETTINGS}), with few keys, values and deletions. Thread-safe.
 *
 * <p>Whoever sends the records that it makes sends each of them once, in this order, and {@linkplain #acknowledge accounts} for it.
 */
public final class CompactedTopic {
    /** With which a broker looks often, and forgets deletions soon. */
    public static final Map<String, String> BROKER_SETTINGS = Map.of("log.cleaner.backoff.ms", "100");

    private static final Duration DELETE_RETENTION = Duration.ofSeconds(10);

    private static final Map<String, String> SETTINGS = Map.of(
            "cleanup.policy",
            "compact",
            "segment.bytes",
            "60000",
            "min.cleanable.dirty.ratio",
            "0.01",
            "delete.retention.ms",
            Long.toString(DELETE_RETENTION.toMillis()));

    private static final int PARTITIONS = 2;
    private static final int KEYS = 400;
    private static final int ONE_DELETION_IN = 5;
    private static final int LARGEST_VALUE = 300;
    private static final String NUMBER = "number";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final AtomicLong nextNumber = new AtomicLong();
    private final KeyLedger ledger = new KeyLedger();

    /**
     * What compaction has left.
     *
     * @param count how many records are there
     * @param written how many were acknowledged
     */
    public record Left(long count, long written) {
        @Override
        public String toString() {
            return count + " of " + written + " left in the compacted topic";
        }
    }

    /** A topic that is yet to be {@linkplain #create made}. */
    public CompactedTopic(String name) {
        this.name = name;
    }

    /** Makes it on a broker. */
    public void create(Admin admin, BrokerProgram program) throws Exception {
        NewTopic topic = new NewTopic(name, PARTITIONS, (short) 1).configs(program.topicSettings(SETTINGS));
        admin.createTopics(List.of(topic)).all().get();
    }

    /** A record to be sent next. */
    public ProducerRecord<String, String> next(Random random) {
        @Nullable String value = random.nextInt(ONE_DELETION_IN) == 0 ? null : letters(random);
        ProducerRecord<String, String> record =
                new ProducerRecord<>(name, random.nextInt(PARTITIONS), "k" + random.nextInt(KEYS), value);
        String number = Long.toString(nextNumber.getAndIncrement());
        record.headers().add(NUMBER, number.getBytes(StandardCharsets.US_ASCII));
        return record;
    }

    /** Such as compression cannot make much smaller. */
    private static String letters(Random random) {
        return random.ints(random.nextInt(LARGEST_VALUE), 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A producer was told that a record is there. */
    public void acknowledge(ProducerRecord<String, String> record, long offset) {
        long number = number(record.headers().lastHeader(NUMBER).value());
        ledger.acknowledge(
                new TopicPartition(name, record.partition()),
                new Written(offset, record.key(), number, record.value() == null));
    }

    /**
     * Reads all of it while nobody writes to it, and everything that was sent is acknowledged. Throws {@link CheckFailedException} if a key does not have its newest value,
     * or a deleted one has any.
     */
    public Left check(String bootstrapServer) {
        long count = 0;
        for (Map.Entry<TopicPartition, List<Written>> found :
                readInTime(bootstrapServer).entrySet()) {
            ledger.check(found.getKey(), found.getValue());
            count += found.getValue().size();
        }
        return new Left(count, ledger.count());
    }

    /** Who takes longer may see a value, and not the deletion behind it. */
    private Map<TopicPartition, List<Written>> readInTime(String bootstrapServer) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            long began = System.nanoTime();
            Map<TopicPartition, List<Written>> found = readAll(bootstrapServer);
            long now = System.nanoTime();
            if (now - began < DELETE_RETENTION.toNanos()) {
                return found;
            }
            CheckFailedException.unless(
                    now < deadline, "reading " + name + " takes " + (now - began) / 1_000_000 + " ms each time");
        }
    }

    private Map<TopicPartition, List<Written>> readAll(String bootstrapServer) {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(name, partition))
                .toList();
        Map<TopicPartition, List<Written>> found = new HashMap<>();
        partitions.forEach(partition -> found.put(partition, new ArrayList<>()));
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServer, "auto.offset.reset", "none");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(partitions);
            // Compaction does not move the start.
            partitions.forEach(partition -> consumer.seek(partition, 0));
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                CheckFailedException.unless(System.nanoTime() < deadline, "the ends " + ends + " are not reached");
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    found.get(new TopicPartition(record.topic(), record.partition()))
                            .add(written(record));
                }
            }
        }
        return found;
    }

    private static Written written(ConsumerRecord<String, String> record) {
        long number = number(record.headers().lastHeader(NUMBER).value());
        return new Written(record.offset(), record.key(), number, record.value() == null);
    }

    private static long number(byte[] text) {
        return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
    }
}
