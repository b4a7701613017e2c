package io.brokkr.plugin.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.plugin.compression.GzipCodec;
import io.brokkr.plugin.compression.Lz4Codec;
import io.brokkr.plugin.fetch.FetchHandlers;
import io.brokkr.plugin.groups.GroupHandlers;
import io.brokkr.plugin.metadata.MetadataHandlers;
import io.brokkr.plugin.produce.ProduceHandlers;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.storage.embeddedmetadata.EmbeddedMetadataStoreFactory;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka's clients see of a broker that compacts while they work. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class KafkaClientsTest {

    private static final String TOPIC = "topic";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int KEYS = 10;
    /** So small that even what is compressed makes many segments. */
    private static final int BATCH = 20;

    private static final int SEGMENT_SIZE_IN_BYTES = 1_000;

    private EmbeddedBroker broker;

    private void start(Supplier<?> engine) {
        broker = EmbeddedBroker.builder()
                .extension(engine)
                .extension(EmbeddedMetadataStoreFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(MetadataHandlers::new)
                .extension(ProduceHandlers::new)
                .extension(FetchHandlers::new)
                .extension(GroupHandlers::new)
                .extension(GzipCodec::new)
                .extension(Lz4Codec::new)
                .extension(LogCompaction::new)
                .setting("log.cleaner.backoff.ms", "50")
                .setting("log.cleaner.min.cleanable.ratio", "0.01")
                .setting("offsets.topic.num.partitions", "1")
                .setting("offsets.topic.segment.bytes", Integer.toString(1 << 20))
                .setting("group.initial.rebalance.delay.ms", "0")
                .start();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void create(Map<String, String> settings) throws Exception {
        get(broker.services()
                .topics()
                .create(new NewTopic(TOPIC, 1, 1, settings))
                .toCompletableFuture());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private KafkaProducer<String, String> producer(String compression) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "compression.type", compression, "linger.ms", 0),
                new StringSerializer(),
                new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        "group",
                        "group.protocol",
                        "classic",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false),
                new StringDeserializer(),
                new StringDeserializer());
    }

    /** Writes many values of a few keys, the last of some being a deletion, and gives what a reader has to end with. */
    private static Map<String, String> write(KafkaProducer<String, String> producer, int round, int updates)
            throws Exception {
        Map<String, String> last = new HashMap<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < updates; i++) {
            String key = "key" + i % KEYS;
            String value = i % KEYS == 3 && i >= updates - KEYS ? null : "value" + round + "-" + i;
            sent.add(producer.send(new ProducerRecord<>(TOPIC, key, value)));
            last.put(key, value);
            if (i % BATCH == 0) {
                producer.flush();
            }
        }
        for (Future<RecordMetadata> each : sent) {
            get(each);
        }
        return last;
    }

    private List<ConsumerRecord<String, String>> readAll() {
        List<ConsumerRecord<String, String>> read = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
                return consumer.position(PARTITION) >= end;
            });
        }
        return read;
    }

    private static void until(BooleanSupplier done) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("nothing came of it in " + PATIENCE)
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private Partition partition(String topic) throws Exception {
        return get(broker.services()
                .partitions()
                .open(new io.brokkr.spi.TopicPartition(topic, 0))
                .toCompletableFuture());
    }

    private void awaitCompactionOf(int written) {
        until(() -> readAll().size() < written / 2);
    }

    private void awaitSizeBelow(String topic, long sizeInBytes) throws Exception {
        Partition partition = partition(topic);
        until(() -> partition.sizeInBytes() < sizeInBytes);
    }

    private void checkRead(Map<String, String> expected, int written) {
        List<ConsumerRecord<String, String>> read = readAll();
        Map<String, String> last = new HashMap<>();
        long offset = -1;
        for (ConsumerRecord<String, String> record : read) {
            assertThat(record.offset()).isGreaterThan(offset);
            offset = record.offset();
            last.put(record.key(), record.value());
        }
        assertThat(last).isEqualTo(expected);
        assertThat(offset).isEqualTo(written - 1);
        assertThat(read.size()).isLessThan(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "lz4"})
    void aReaderEndsWithTheLastValues(String compression) throws Exception {
        start(() -> new MemoryStorageEngineFactory(SEGMENT_SIZE_IN_BYTES));
        create(Map.of("cleanup.policy", "compact"));
        try (KafkaProducer<String, String> producer = producer(compression)) {
            Map<String, String> expected = write(producer, 0, 1_000);
            awaitCompactionOf(1_000);
            checkRead(expected, 1_000);
            // The producer's sequences go on.
            expected = write(producer, 1, 1_000);
            awaitCompactionOf(2_000);
            checkRead(expected, 2_000);
        }
    }

    @Test
    void whatIsCompactedSurvivesARestart() throws Exception {
        start(LogStorageEngineFactory::new);
        create(Map.of("cleanup.policy", "compact,delete", "segment.bytes", Integer.toString(SEGMENT_SIZE_IN_BYTES)));
        Map<String, String> expected;
        try (KafkaProducer<String, String> producer = producer("none")) {
            expected = write(producer, 0, 1_000);
        }
        awaitCompactionOf(1_000);
        checkRead(expected, 1_000);
        broker.restart();
        checkRead(expected, 1_000);
        try (KafkaProducer<String, String> producer = producer("none")) {
            expected = write(producer, 1, 1_000);
        }
        awaitCompactionOf(2_000);
        checkRead(expected, 2_000);
    }

    /** A topic that was not compacted until now, in a log that nobody has opened since the start. */
    @Test
    void aLogThatNobodyUsesIsCompacted() throws Exception {
        start(LogStorageEngineFactory::new);
        create(Map.of("segment.bytes", Integer.toString(SEGMENT_SIZE_IN_BYTES)));
        Map<String, String> expected;
        try (KafkaProducer<String, String> producer = producer("none")) {
            expected = write(producer, 0, 1_000);
        }
        broker.restart();
        get(broker.services()
                .topics()
                .configure(
                        TOPIC,
                        Map.of("cleanup.policy", "compact", "segment.bytes", Integer.toString(SEGMENT_SIZE_IN_BYTES)),
                        false)
                .toCompletableFuture());
        until(() -> broker.services().storageEngines().get("log").locations().toCompletableFuture().join().stream()
                .flatMap(location -> location.logSizesInBytes().values().stream())
                .anyMatch(size -> size < 16 * SEGMENT_SIZE_IN_BYTES));
        checkRead(expected, 1_000);
    }

    @Test
    void deletedTopicsDoNotComeBack() throws Exception {
        start(LogStorageEngineFactory::new);
        for (int round = 0; round < 10; round++) {
            create(Map.of("cleanup.policy", "compact", "segment.bytes", Integer.toString(SEGMENT_SIZE_IN_BYTES)));
            try (KafkaProducer<String, String> producer = producer("none")) {
                write(producer, round, 300);
            }
            UUID id = partition(TOPIC).topicId();
            get(broker.services().topics().delete(id).toCompletableFuture());
            assertThat(get(broker.services().storageEngines().get("log").list().toCompletableFuture()))
                    .noneMatch(log -> log.topicId().equals(id));
        }
    }

    @Test
    void theOffsetsOfGroupsAreCompactedAndGroupsGoOn() throws Exception {
        start(LogStorageEngineFactory::new);
        create(Map.of());
        try (KafkaProducer<String, String> producer = producer("none")) {
            write(producer, 0, 1_000);
        }
        String metadata = "m".repeat(4_000);
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(List.of(PARTITION));
            for (int offset = 1; offset <= 600; offset++) {
                consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(offset, metadata)));
            }
        }
        awaitSizeBelow("__consumer_offsets", 1 << 20);
        broker.restart();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(List.of(PARTITION));
            List<Long> offsets = new ArrayList<>();
            until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> offsets.add(record.offset()));
                return !offsets.isEmpty();
            });
            assertThat(offsets.get(0)).isEqualTo(600);
        }
    }
}
