package io.brokkr.storage.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.plugin.fetch.FetchHandlers;
import io.brokkr.plugin.metadata.MetadataHandlers;
import io.brokkr.plugin.produce.ProduceHandlers;
import io.brokkr.spi.BrokerEvent;
import io.brokkr.spi.BrokerEventListener;
import io.brokkr.spi.NewTopic;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Kafka's clients see of a topic most of which is in the cold tier. */
@Timeout(180)
class KafkaClientsTest {

    private static final String TOPIC = "orders";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long FIRST_TIMESTAMP = 1_700_000_000_000L;
    private static final int RECORDS = 2_000;

    private final BlockingQueue<BrokerEvent> moves = new LinkedBlockingQueue<>();

    /** Hears of moves. */
    private final class Moves implements BrokerEventListener {
        @Override
        public void happened(BrokerEvent event) {
            if (event.type().equals("segment.moved")) {
                moves.add(event);
            }
        }
    }

    private EmbeddedBroker start() {
        return EmbeddedBroker.builder()
                .extension(TieredStorageEngineFactory::new)
                .extension(LogStorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(MetadataHandlers::new)
                .extension(ProduceHandlers::new)
                .extension(FetchHandlers::new)
                .extension(Moves::new)
                .setting("tiered.cold.engine", "log")
                .setting("tiered.check.interval.ms", "20")
                .start();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aConsumerReadsAcrossTheTiers() throws Exception {
        try (EmbeddedBroker broker = start()) {
            Map<String, String> settings =
                    Map.of("segment.bytes", "4000", "local.retention.bytes", "4000", "retention.ms", "-1");
            get(broker.services()
                    .topics()
                    .create(new NewTopic(TOPIC, 1, 1, settings))
                    .toCompletableFuture());
            produce(broker, 0);
            awaitMoveTo(RECORDS / 2);
            assertThat(broker.dataFolder().resolve("tiered-hot/orders-0/00000000000000000000.log"))
                    .doesNotExist();
            assertThat(broker.dataFolder().resolve("tiered-cold/orders-0/00000000000000000000.log"))
                    .isNotEmptyFile();
            assertThat(broker.dataFolder().resolve("orders-0")).doesNotExist();
            assertReads(broker, RECORDS);

            broker.restart();
            produce(broker, RECORDS);
            assertReads(broker, 2 * RECORDS);
        }
    }

    private void awaitMoveTo(long offset) throws Exception {
        for (long moved = 0; moved < offset; ) {
            BrokerEvent move = moves.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(move).as("a move behind offset %d", moved).isNotNull();
            assertThat(move.subject()).isEqualTo(TOPIC);
            assertThat(move.details()).containsEntry("partition", "0");
            moved = Long.parseLong(move.details().get("endOffset"));
        }
    }

    /** Some at a time, since each batch is one step towards a full segment. */
    private static void produce(EmbeddedBroker broker, int from) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
            for (int i = from; i < from + RECORDS; i++) {
                acknowledgements.add(
                        producer.send(new ProducerRecord<>(TOPIC, 0, FIRST_TIMESTAMP + i, null, "value" + i)));
                if (i % 50 == 0) {
                    producer.flush();
                }
            }
            for (Future<RecordMetadata> acknowledgement : acknowledgements) {
                get(acknowledgement);
            }
        }
    }

    private static void assertReads(EmbeddedBroker broker, int count) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "none"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            assertThat(consumer.beginningOffsets(List.of(PARTITION))).containsEntry(PARTITION, 0L);
            consumer.seek(PARTITION, 0);
            List<String> values = new ArrayList<>();
            long begin = System.nanoTime();
            while (values.size() < count && System.nanoTime() - begin < PATIENCE.toNanos()) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    assertThat(record.value()).isEqualTo("value" + record.offset());
                    values.add(record.value());
                }
            }
            assertThat(values).hasSize(count);
            for (long offset : new long[] {0, 17, count / 2, count - 1}) {
                OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(PARTITION, FIRST_TIMESTAMP + offset))
                        .get(PARTITION);
                assertThat(found.offset()).isEqualTo(offset);
            }
        }
    }
}
