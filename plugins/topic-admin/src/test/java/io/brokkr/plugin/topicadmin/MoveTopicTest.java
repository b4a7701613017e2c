package io.brokkr.plugin.topicadmin;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.InstalledPlugin;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.storage.Batches;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code brokkr move-topic}, between the engines {@code log} and {@code memory}, which lie in one process here. */
@Timeout(60)
class MoveTopicTest {

    private final EmbeddedBroker broker = EmbeddedBroker.builder()
            .extension(LogStorageEngineFactory::new)
            .extension(MemoryStorageEngineFactory::new)
            .start();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void end() {
        broker.close();
    }

    private int move(String... arguments) {
        return new MoveTopicCommand().run(List.of(arguments), new Context());
    }

    private final class Context implements CommandLineContext {

        @Override
        public PrintStream out() {
            return new PrintStream(out, true, StandardCharsets.UTF_8);
        }

        @Override
        public PrintStream err() {
            return new PrintStream(err, true, StandardCharsets.UTF_8);
        }

        @Override
        public Path installation() {
            throw new AssertionError("nothing of it is asked for");
        }

        @Override
        public List<InstalledPlugin> plugins(List<Path> further) {
            throw new AssertionError("plugins are no matter");
        }

        @Override
        public Map<Compression, CompressionCodec> compressionCodecs() {
            throw new AssertionError("batches are not opened");
        }

        @Override
        public BrokerServices openBroker() {
            return broker.services();
        }
    }

    private Topic create(String engine) {
        return await(broker.services()
                .topics()
                .create(new NewTopic("orders", 2, 1, Map.of("storage.engine", engine, "retention.ms", "-1"))));
    }

    private StorageEngine engine(String name) {
        return broker.services().storageEngines().get(name);
    }

    private static LogId id(Topic topic, int partition) {
        return new LogId(topic.id(), topic.name(), partition);
    }

    private PartitionLog open(String engine, LogId id) {
        Topic topic = broker.services().topics().find(id.topicId());
        return await(engine(engine).open(id, 0, topic.configuration()));
    }

    private List<LogId> logs(String engine) {
        return await(engine(engine).list());
    }

    private static List<ByteBuffer> batches(PartitionLog log) throws IOException {
        List<ByteBuffer> batches = new ArrayList<>();
        try (RecordData data = await(log.read(log.startOffset(), Integer.MAX_VALUE, true, Long.MAX_VALUE))) {
            for (RecordBatch batch : RecordBatches.complete(data.toBuffer())) {
                ByteBuffer copy = ByteBuffer.allocate(batch.sizeInBytes());
                batches.add(copy.put(batch.buffer()).flip());
            }
        }
        return batches;
    }

    /** Logs of any history, there and back again: gaps between batches, trimmed in the middle of one, and without any. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void aLogIsTheSameElsewhere(long seed) throws IOException {
        Random random = new Random(seed);
        Topic topic = create("memory");
        PartitionLog log = open("memory", id(topic, 0));
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            long gap = random.nextInt(3) == 0 ? random.nextInt(100) : 0;
            await(log.append(Batches.of(log.endOffset() + gap, 1 + random.nextInt(5), random.nextInt(3_000), i)));
        }
        long start = random.nextInt((int) log.endOffset() + 1);
        await(log.trim(start));
        long end = log.endOffset();
        List<ByteBuffer> expected = batches(log);
        await(log.close());
        for (String engine : List.of("log", "memory")) {
            assertThat(move("orders", "--to", engine)).isZero();
            PartitionLog moved = open(engine, id(topic, 0));
            assertThat(List.of(moved.startOffset(), moved.endOffset())).containsExactly(start, end);
            List<ByteBuffer> found = batches(moved);
            assertThat(found.subList(0, expected.size())).isEqualTo(expected);
            // Where nothing is left but offsets, a batch without records stands for them.
            assertThat(found.size() - expected.size()).isLessThanOrEqualTo(start == end && end > 0 ? 1 : 0);
            await(moved.close());
            assertThat(logs(engine)).contains(id(topic, 0), id(topic, 1));
            assertThat(logs(engine.equals("log") ? "memory" : "log")).isEmpty();
        }
    }

    @Test
    void theTopicGoesOnWhereItIsThen() {
        Topic topic = create("memory");
        PartitionLog log = open("memory", id(topic, 1));
        await(log.append(Batches.of(0, 5, 100, 1_000)));
        await(log.close());
        assertThat(move("orders", "--to", "log")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("orders is kept by log now, and not by memory any more\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("orders-1: ").contains("copied and read again");

        broker.restart();
        Topic moved = broker.services().topics().find("orders");
        assertThat(moved.id()).isEqualTo(topic.id());
        assertThat(moved.storageEngine()).isEqualTo("log");
        assertThat(moved.overrides()).isEqualTo(Map.of("storage.engine", "log", "retention.ms", "-1"));
        Partition partition = await(broker.services().partitions().open(new TopicPartition("orders", 1)));
        assertThat(partition.highWatermark()).isEqualTo(5);
        ByteBuffer next = ByteBuffer.wrap(Batches.bytes(Batches.of(0, 2, 100, 1_000)));
        assertThat(await(partition.append(next, Durability.COMMITTED)).baseOffset())
                .isEqualTo(5);
        try (RecordData read = await(partition.read(0, 10_000, true, Isolation.READ_UNCOMMITTED))
                .records()) {
            assertThat(read.sizeInBytes()).isPositive();
        }
    }

    @Test
    void whatAnEarlierRunHasLeftIsMadeAnew() throws IOException {
        Topic topic = create("memory");
        PartitionLog log = open("memory", id(topic, 0));
        await(log.append(Batches.of(0, 5, 100, 1_000)));
        List<ByteBuffer> expected = batches(log);
        await(log.close());
        PartitionLog half = open("log", id(topic, 0));
        await(half.append(Batches.of(3, 5, 70, 7)));
        await(half.close());
        assertThat(move("orders", "--to", "log")).isZero();
        PartitionLog moved = open("log", id(topic, 0));
        assertThat(batches(moved)).isEqualTo(expected);
        await(moved.close());

        PartitionLog left = open("memory", id(topic, 0));
        await(left.close());
        assertThat(move("orders", "--to", "log")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("orders is kept by log already\n");
        assertThat(logs("memory")).isEmpty();
    }

    @Test
    void aDamagedLogStaysWhereItIs() throws IOException {
        Topic topic = create("log");
        PartitionLog log = open("log", id(topic, 1));
        await(log.append(Batches.of(0, 5, 100, 1_000)));
        await(log.close());
        Path segment = broker.dataFolder().resolve("orders-1").resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[RecordBatch.HEADER_SIZE + 10] ^= 1;
        Files.write(segment, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        assertThatThrownBy(() -> move("orders", "--to", "memory"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("orders-1");
        assertThat(broker.services().topics().find("orders").storageEngine()).isEqualTo("log");
        assertThat(logs("log")).contains(id(topic, 1));
    }

    @Test
    void whatCannotBeIsToldBeforeAnythingIsMoved() {
        create("memory");
        assertThatThrownBy(() -> move("orders", "--to", "s4"))
                .isInstanceOf(StorageException.class)
                .hasMessage("there is no storage engine s4; there is log, memory");
        assertThatThrownBy(() -> move("orders", "ordres", "--to", "log"))
                .isInstanceOf(StorageException.class)
                .hasMessage("there is no topic ordres");
        assertThat(broker.services().topics().find("orders").storageEngine()).isEqualTo("memory");
        assertThat(move("orders")).isEqualTo(2);
        assertThat(move("orders", "--to")).isEqualTo(2);
        assertThat(move("orders", "--from", "log")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("move-topic needs a topic and --to ENGINE")
                .contains("--to needs one engine")
                .contains("unknown option --from")
                .contains("Usage: brokkr move-topic");
    }
}
