package io.brokkr.plugin.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.plugin.metadata.MetadataHandlers;
import io.brokkr.plugin.produce.ProduceHandlers;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.BrokerEvents;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Cluster;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partitions;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.Topics;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The round over all logs, when the test says, on a clock that it turns; the logs are a real broker's. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CompactorTest {

    private static final String TOPIC = "topic";
    private static final Duration LAG = Duration.ofMinutes(10);
    private static final int RECORDS = 100;

    private final VirtualClock clock = new VirtualClock();
    private EmbeddedBroker broker;
    private Compactor compactor;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.builder()
                .extension(LogStorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(MetadataHandlers::new)
                .extension(ProduceHandlers::new)
                .extension(LogCompaction::new)
                .setting("log.cleaner.enable", "false")
                .start();
        beginAnew();
    }

    private void beginAnew() {
        BrokerServices services = new Timed(broker.services(), clock);
        compactor = new Compactor(services, CompactionSettings.of(services.configuration()));
    }

    @AfterEach
    void stop() {
        compactor.close();
        broker.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private void sweep() throws Exception {
        get(compactor.sweep());
    }

    private void create() throws Exception {
        get(broker.services()
                .topics()
                .create(new NewTopic(
                        TOPIC,
                        1,
                        1,
                        Map.of(
                                "cleanup.policy",
                                "compact",
                                "max.compaction.lag.ms",
                                Long.toString(LAG.toMillis()),
                                "min.cleanable.dirty.ratio",
                                "1",
                                "message.timestamp.after.max.ms",
                                Long.toString(Long.MAX_VALUE)))));
    }

    private void write() throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(new ProducerRecord<>(TOPIC, null, clock.millis(), "key", "value" + i)));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get(60, TimeUnit.SECONDS);
            }
        }
    }

    private List<LogSegment> segments() throws Exception {
        return partition().segments();
    }

    private Partition partition() throws Exception {
        return get(broker.services().partitions().open(new TopicPartition(TOPIC, 0)));
    }

    /** Until it is looked at once an hour. */
    private void letItBeIdle() throws Exception {
        for (int hours = 0; hours < 8; hours++) {
            sweep();
            clock.advance(Duration.ofHours(1));
        }
        sweep();
    }

    @Test
    void whatIsWrittenToAnIdleLogIsCompactedWithinItsLag() throws Exception {
        create();
        partition();
        letItBeIdle();
        write();
        long size = partition().sizeInBytes();
        clock.advance(Duration.ofSeconds(15));
        sweep();
        assertThat(segments()).hasSize(1);
        clock.advance(LAG.minusSeconds(15));
        sweep();
        assertThat(segments()).hasSize(2);
        assertThat(partition().sizeInBytes()).isLessThan(size / 10);
        assertThat(partition().logEndOffset()).isEqualTo(RECORDS);
    }

    /** What was written before the start and is not used after it. */
    @Test
    void aLogThatNobodyUsesIsCompactedWithinItsLag() throws Exception {
        create();
        write();
        long size = partition().sizeInBytes();
        compactor.close();
        broker.restart();
        beginAnew();
        sweep();
        assertThat(broker.services().partitions().find(new TopicPartition(TOPIC, 0)))
                .isNull();
        clock.advance(LAG);
        sweep();
        assertThat(partition().sizeInBytes()).isLessThan(size / 10);
    }

    /** A broker's services, with another clock. */
    private record Timed(BrokerServices broker, Clock clock) implements BrokerServices {
        @Override
        public Cluster cluster() {
            return broker.cluster();
        }

        @Override
        public Topics topics() {
            return broker.topics();
        }

        @Override
        public Partitions partitions() {
            return broker.partitions();
        }

        @Override
        public BrokerConfiguration configuration() {
            return broker.configuration();
        }

        @Override
        public Scheduler scheduler() {
            return broker.scheduler();
        }

        @Override
        public BrokerEvents events() {
            return broker.events();
        }

        @Override
        public Metrics metrics() {
            return broker.metrics();
        }

        @Override
        public List<Api<?>> apis() {
            return broker.apis();
        }

        @Override
        public MetadataStore metadataStore() {
            return broker.metadataStore();
        }

        @Override
        public Map<String, StorageEngine> storageEngines() {
            return broker.storageEngines();
        }

        @Override
        public Map<Compression, CompressionCodec> compressionCodecs() {
            return broker.compressionCodecs();
        }
    }
}
