package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.NEWEST_FETCH;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.TestRecords.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.distribution.wire.RecordCalls.Fetched;
import io.brokkr.distribution.wire.RecordCalls.Produced;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.files.FaultyFileSystem;
import io.brokkr.testkit.files.FaultyFileSystem.State;
import io.brokkr.testkit.storage.Stages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A broker with two data folders, one of them on a device that fails: what clients are told, that nothing is lost which was acknowledged, and that all goes on without a restart
 * when the device works again.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FailingDeviceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** How a device can fail. */
    private enum Fault {
        FULL {
            @Override
            void begin(FaultyFileSystem device) {
                // In the middle of a batch.
                device.setFreeBytes(40);
            }

            @Override
            void end(FaultyFileSystem device) {
                device.setFreeBytes(Long.MAX_VALUE);
            }
        },
        READ_ONLY {
            @Override
            void begin(FaultyFileSystem device) {
                device.setState(State.READ_ONLY);
            }
        },
        BROKEN {
            @Override
            void begin(FaultyFileSystem device) {
                device.setState(State.BROKEN);
            }
        };

        abstract void begin(FaultyFileSystem device);

        void end(FaultyFileSystem device) {
            device.setState(State.SOUND);
        }

        boolean isReadable() {
            return this != BROKEN;
        }
    }

    private final FaultyFileSystem device = new FaultyFileSystem();
    private EmbeddedBroker broker;
    private KafkaConnection connection;
    private int topics;

    /** The topic whose log is on the device, and one whose log is not. */
    private Topic onDevice;

    private Topic elsewhere;

    @BeforeEach
    void start() {
        broker = ShippedPlugins.builder(() -> new LogEngineOn(device.root())).start();
        connection = new KafkaConnection(broker.connect());
        elsewhere = create();
        onDevice = create();
        for (int i = 0; i < 5; i++) {
            assertThat(produce(elsewhere, "e" + i).error()).isEqualTo(Errors.NONE);
            assertThat(produce(onDevice, "d" + i).error()).isEqualTo(Errors.NONE);
        }
        if (!isOnDevice(onDevice)) {
            Topic other = onDevice;
            onDevice = elsewhere;
            elsewhere = other;
        }
        assertThat(isOnDevice(onDevice)).isTrue();
        assertThat(isOnDevice(elsewhere)).isFalse();
    }

    @AfterEach
    void stop() {
        device.setFreeBytes(Long.MAX_VALUE);
        device.setState(State.SOUND);
        connection.close();
        broker.close();
    }

    private void restart() {
        connection.close();
        broker.restart();
        connection = new KafkaConnection(broker.connect());
    }

    private Topic create() {
        return Stages.await(broker.services().topics().create(new NewTopic("topic-" + topics++, 1, 1, Map.of())));
    }

    private boolean isOnDevice(Topic topic) {
        return Files.exists(device.root().resolve(topic.name() + "-0"));
    }

    private Produced produce(Topic topic, String... values) {
        return RecordCalls.produce(connection, NEWEST_PRODUCE, topic, batch(values));
    }

    private Fetched fetch(Topic topic, long offset) {
        return RecordCalls.fetch(connection, NEWEST_FETCH, topic, offset);
    }

    /** As clients do after this error. */
    private Produced produceAgain(Topic topic, String value) {
        long begin = System.nanoTime();
        Produced produced = produce(topic, value);
        while (produced.error() == Errors.KAFKA_STORAGE_ERROR) {
            assertThat(System.nanoTime() - begin).isLessThan(PATIENCE.toNanos());
            produced = produce(topic, value);
        }
        return produced;
    }

    private void assertServes(Topic topic, int records) {
        Fetched fetched = fetch(topic, 0);
        assertThat(fetched.error()).isEqualTo(Errors.NONE);
        assertThat(fetched.highWatermark()).isEqualTo(records);
        assertThat(fetched.records().hasRemaining()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void theOthersAreServedAndThePartitionsOnItComeBack(Fault fault) {
        ByteBuffer before = fetch(onDevice, 0).records();
        fault.begin(device);
        for (int i = 0; i < 3; i++) {
            assertThat(produce(onDevice, "refused").error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
            assertThat(produce(elsewhere, "more").error()).isEqualTo(Errors.NONE);
        }
        assertServes(elsewhere, 8);
        if (fault.isReadable()) {
            Fetched fetched = fetch(onDevice, 0);
            assertThat(fetched.error()).isEqualTo(Errors.NONE);
            assertThat(fetched.records()).isEqualTo(before);
        } else {
            assertThat(fetch(onDevice, 0).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        }
        fault.end(device);
        assertThat(produceAgain(onDevice, "taken").baseOffset()).isEqualTo(5);
        assertServes(onDevice, 6);
    }

    @ParameterizedTest
    @EnumSource
    void newTopicsAreMadeWhereTheyCanBe(Fault fault) {
        fault.begin(device);
        for (int i = 0; i < 4; i++) {
            Topic fresh = create();
            assertThat(produceAgain(fresh, "a").baseOffset()).isZero();
        }
        fault.end(device);
        for (int i = 0; i < topics; i++) {
            Topic topic = broker.services().topics().find("topic-" + i);
            assertServes(topic, i < 2 ? 5 : 1);
        }
    }

    /** Whose logs were closed well, and are not open. */
    @ParameterizedTest
    @EnumSource
    void theBrokerStartsWithoutTheDevice(Fault fault) {
        restart();
        fault.begin(device);
        restart();
        assertServes(elsewhere, 5);
        if (fault.isReadable()) {
            assertServes(onDevice, 5);
        } else {
            assertThat(fetch(onDevice, 0).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        }
        assertThat(produce(onDevice, "refused").error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(produce(elsewhere, "more").error()).isEqualTo(Errors.NONE);
        Topic fresh = create();
        assertThat(produceAgain(fresh, "a").baseOffset()).isZero();
        fault.end(device);
        assertThat(produceAgain(onDevice, "taken").baseOffset()).isEqualTo(5);
        assertServes(onDevice, 6);
        assertServes(fresh, 1);
    }

    /** Whether it was kept nobody knows; what was acknowledged before is there, and all that is acknowledged afterwards. */
    @Test
    void aSyncThatFailsIsToldOnce() {
        device.failNextForce();
        assertThat(produce(onDevice, "lost?").error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        long offset = produceAgain(onDevice, "kept").baseOffset();
        assertThat(offset).isBetween(5L, 6L);
        assertServes(onDevice, (int) offset + 1);
    }

    /** A real producer goes on by itself, a real consumer gets each record once. */
    @ParameterizedTest
    @EnumSource
    void kafkasOwnClientsGoOn(Fault fault) throws Exception {
        TopicPartition partition = new TopicPartition(onDevice.name(), 0);
        List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
        List<String> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 0, "retry.backoff.ms", 20),
                new StringSerializer(),
                new StringSerializer())) {
            for (int round = 0; round < 3; round++) {
                fault.begin(device);
                for (int i = 0; i < 20; i++) {
                    sent.add("round " + round + " record " + i);
                    acknowledgements.add(
                            producer.send(new ProducerRecord<>(onDevice.name(), 0, null, sent.get(sent.size() - 1))));
                }
                assertThat(produce(onDevice, "refused").error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
                fault.end(device);
                for (Future<RecordMetadata> acknowledgement : acknowledgements) {
                    acknowledgement.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
            }
        }
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 5);
            List<String> read = new ArrayList<>();
            long begin = System.nanoTime();
            while (read.size() < sent.size() && System.nanoTime() - begin < PATIENCE.toNanos()) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    read.add(record.value());
                }
            }
            assertThat(read).isEqualTo(sent);
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(5 + sent.size())), PATIENCE);
        }
    }

    /** The log of a group's offsets is on the device, too. */
    @ParameterizedTest
    @EnumSource
    void aGroupCommitsAgain(Fault fault) throws IOException {
        // Now the device has fewer logs.
        assertThat(produce(create(), "a").error()).isEqualTo(Errors.NONE);
        TopicPartition partition = new TopicPartition(elsewhere.name(), 0);
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(1)), PATIENCE);
            try (Stream<Path> logs = Files.list(device.root())) {
                assertThat(logs.map(Path::getFileName).map(Path::toString))
                        .anyMatch(name -> name.startsWith("__consumer_offsets-"));
            }
            fault.begin(device);
            assertThatThrownBy(() ->
                            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(2)), Duration.ofSeconds(1)))
                    .isInstanceOf(KafkaException.class);
            fault.end(device);
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(3)), PATIENCE);
        }
        restart();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            assertThat(consumer.committed(Set.of(partition), PATIENCE)
                            .get(partition)
                            .offset())
                    .isEqualTo(3);
        }
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", "group"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
