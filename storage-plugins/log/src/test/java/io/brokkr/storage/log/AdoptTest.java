package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.metadata.ConfigRecord;
import io.brokkr.protocol.metadata.PartitionChangeRecord;
import io.brokkr.protocol.metadata.PartitionRecord;
import io.brokkr.protocol.metadata.RemoveTopicRecord;
import io.brokkr.protocol.metadata.TopicRecord;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.files.FolderTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code brokkr log adopt} on folders that look as Apache Kafka leaves them; a folder that it did leave is adopted by {@code compatibility/smoke}.
 */
class AdoptTest {

    private static final UUID ID = RandomHistory.ID.topicId();
    private static final UUID REMOVED = new UUID(7, 7);

    @TempDir
    private Path kafka;

    private EmbeddedBroker broker;
    private LogState state;
    private final List<ByteBuffer> metadata = new ArrayList<>();

    /** One topic with one partition, which was led three times, and one topic that is gone. */
    @BeforeEach
    void makeFolders() throws IOException {
        broker =
                EmbeddedBroker.builder().extension(LogStorageEngineFactory::new).start();
        Path log = RandomHistory.live(kafka, new Random(5));
        state = LogState.read(log).orElseThrow();
        Files.delete(log.resolve(LogState.NAME));
        Files.delete(kafka.resolve("brokkr-log-format"));
        Files.writeString(kafka.resolve("meta.properties"), "version=1\nnode.id=1\ncluster.id=abc\n");
        Files.createFile(kafka.resolve(".kafka_cleanshutdown"));
        Files.createFile(kafka.resolve(".lock"));
        Files.writeString(kafka.resolve("log-start-offset-checkpoint"), "0\n1\norders 0 " + state.startOffset() + "\n");
        Files.createDirectory(kafka.resolve(KafkaMetadata.FOLDER));
        add(
                TopicRecord.RECORD_TYPE,
                0,
                TopicRecord.builder().name("gone").topicId(REMOVED).build());
        add(ConfigRecord.RECORD_TYPE, 0, config("gone", "retention.ms", "1"));
        add(
                TopicRecord.RECORD_TYPE,
                0,
                TopicRecord.builder().name("orders").topicId(ID).build());
        add(
                PartitionRecord.RECORD_TYPE,
                2,
                PartitionRecord.builder()
                        .topicId(ID)
                        .partitionId(0)
                        .replicas(List.of(1))
                        .leaderEpoch(4)
                        .build());
        for (int leader : new int[] {-1, 1}) {
            add(
                    PartitionChangeRecord.RECORD_TYPE,
                    2,
                    PartitionChangeRecord.builder()
                            .topicId(ID)
                            .partitionId(0)
                            .leader(leader)
                            .build());
        }
        add(ConfigRecord.RECORD_TYPE, 0, config("orders", "retention.ms", "604800001"));
        add(ConfigRecord.RECORD_TYPE, 0, config("orders", "segment.bytes", "5"));
        add(ConfigRecord.RECORD_TYPE, 0, config("orders", "no.such.setting", "5"));
        add(ConfigRecord.RECORD_TYPE, 0, config("orders", "retention.bytes", "5"));
        add(ConfigRecord.RECORD_TYPE, 0, config("orders", "retention.bytes", null));
        add(
                RemoveTopicRecord.RECORD_TYPE,
                0,
                RemoveTopicRecord.builder().topicId(REMOVED).build());
        writeMetadata();
    }

    private static ConfigRecord config(String topic, String name, String value) {
        return ConfigRecord.builder()
                .resourceType((byte) 2)
                .resourceName(topic)
                .name(name)
                .value(value)
                .build();
    }

    /** In the frame of KIP-631: the numbers are so small that each varint is one byte. */
    private void add(int type, int version, Message record) {
        ByteBuffer value = ByteBuffer.allocate(3 + record.encodedSize(version));
        value.put((byte) 1).put((byte) type).put((byte) version);
        ByteBuffer rest = value.slice();
        record.write(MessageWriter.copying(rest), version);
        metadata.add(value.rewind());
    }

    private void writeMetadata() throws IOException {
        RecordBatchBuilder records = new RecordBatchBuilder();
        metadata.forEach(value -> records.append(1_000, null, value.duplicate()));
        ByteBuffer batch = records.build();
        byte[] bytes = new byte[batch.remaining()];
        batch.get(bytes);
        Files.write(kafka.resolve(KafkaMetadata.FOLDER).resolve(Segment.nameOf(0) + ".log"), bytes);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private ToolRun adopt(String... options) {
        String[] arguments = new String[2 + options.length];
        arguments[0] = "adopt";
        arguments[1] = kafka.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        return ToolRun.with(broker.services(), arguments);
    }

    private Map<String, ByteBuffer> contents(Path folder) throws IOException {
        Map<String, ByteBuffer> contents = new TreeMap<>();
        for (Path file : RandomHistory.files(folder, "")) {
            if (!file.endsWith(LogState.NAME)) {
                contents.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    private void expectAdopted() {
        Topic topic = broker.services().topics().find("orders");
        assertThat(topic).isNotNull();
        assertThat(topic.id()).isEqualTo(ID);
        assertThat(topic.leaderEpoch(0)).as("above all that clients have seen").isEqualTo(7);
        assertThat(topic.overrides()).isEqualTo(Map.of("retention.ms", "604800001", "storage.engine", "log"));
        assertThat(broker.services().topics().find("gone")).isNull();
        var partition = await(broker.services().partitions().open(new TopicPartition("orders", 0)));
        assertThat(partition.logStartOffset()).isEqualTo(state.startOffset());
        assertThat(partition.highWatermark()).isEqualTo(state.endOffset());
    }

    @Test
    void topicsAndTheirLogsAreCopied() throws IOException {
        Map<String, ByteBuffer> before = contents(kafka.resolve("orders-0"));
        ToolRun run = adopt();
        assertThat(run.status()).as(run.output()).isZero();
        assertThat(run.output())
                .contains("loses its setting no.such.setting=5: Brokkr has no such setting")
                .contains("loses its setting segment.bytes=5: it must be a whole number from 14");
        assertThat(contents(kafka.resolve("orders-0"))).isEqualTo(before);
        assertThat(contents(broker.dataFolder().resolve("orders-0"))).isEqualTo(before);
        assertThat(broker.dataFolder().resolve("brokkr-adopting")).doesNotExist();
        expectAdopted();
        broker.restart();
        expectAdopted();
        assertThat(adopt().output()).contains("problem: the topic orders cannot be adopted");
    }

    @Test
    void topicsAndTheirLogsAreMovedEvenInTwoRuns() throws IOException {
        Map<String, ByteBuffer> before = contents(kafka.resolve("orders-0"));
        Files.move(kafka.resolve("orders-0"), broker.dataFolder().resolve("orders-0"));
        assertThat(adopt("--move").status()).isZero();
        assertThat(contents(broker.dataFolder().resolve("orders-0"))).isEqualTo(before);
        expectAdopted();
    }

    @Test
    void aCopyOfAnEarlierAdoptionIsMadeAnewIfApacheKafkaWentOn() throws IOException {
        Map<String, ByteBuffer> now = contents(kafka.resolve("orders-0"));
        Path earlier = Files.createDirectory(broker.dataFolder().resolve("orders-0"));
        TopicIdFile.write(earlier, ID);
        Files.createFile(earlier.resolve(Segment.nameOf(0) + ".log"));
        ToolRun run = adopt();
        assertThat(run.status()).as(run.output()).isZero();
        assertThat(contents(earlier)).isEqualTo(now);
        expectAdopted();
    }

    @Test
    void aCheckChangesNothing() {
        assertThat(adopt("--check").output()).contains("orders, id " + ID + ", 1 partitions");
        assertThat(broker.services().topics().all()).isEmpty();
        assertThat(broker.dataFolder().resolve("orders-0")).doesNotExist();
    }

    private void expectProblem(String problem) {
        ToolRun run = adopt();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("problem: ").contains(problem).contains("nothing is adopted");
        assertThat(broker.services().topics().all()).isEmpty();
        assertThat(broker.dataFolder().resolve("orders-0")).doesNotExist();
    }

    @Test
    void aFolderOfABrokerThatDidNotStopInOrderIsRefused() throws IOException {
        Files.delete(kafka.resolve(".kafka_cleanshutdown"));
        expectProblem("the broker did not stop in order");
    }

    @Test
    void aFolderThatIsNoneOfKafkasIsRefused() throws IOException {
        Files.delete(kafka.resolve("meta.properties"));
        expectProblem("has no file meta.properties");
    }

    @Test
    void aFolderInUseIsRefused() throws IOException {
        try (FileChannel lock = FileChannel.open(kafka.resolve(".lock"), StandardOpenOption.WRITE)) {
            lock.lock();
            assertThatThrownBy(this::adopt)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("in use by a broker");
        }
    }

    @Test
    void aTopicOfWhichALogIsElsewhereIsRefused() throws IOException {
        add(
                PartitionRecord.RECORD_TYPE,
                0,
                PartitionRecord.builder().topicId(ID).partitionId(1).build());
        writeMetadata();
        expectProblem("orders-1 is in none of the folders");
    }

    @Test
    void aTopicWithRemoteRecordsIsRefused() throws IOException {
        add(ConfigRecord.RECORD_TYPE, 0, config("orders", "remote.storage.enable", "true"));
        writeMetadata();
        expectProblem("has records in remote storage");
    }

    @Test
    void aDamagedLogIsRefused() throws IOException {
        Path segment = RandomHistory.files(kafka.resolve("orders-0"), ".log").get(0);
        byte[] bytes = Files.readAllBytes(segment);
        bytes[30] ^= 1;
        Files.write(segment, bytes);
        expectProblem(segment + ": position 0");
    }

    /** Of a broker with ZooKeeper: no metadata, but ids. Committed offsets stay, and so does everything else until somebody says how long. */
    @Test
    void withoutMetadataTheFoldersTellTheTopics() throws IOException {
        FolderTree.delete(kafka.resolve(KafkaMetadata.FOLDER));
        Path offsets = Files.createDirectory(kafka.resolve("__consumer_offsets-0"));
        TopicIdFile.write(offsets, new UUID(7, 8));
        Files.createFile(offsets.resolve(Segment.nameOf(0) + ".log"));
        ToolRun run = adopt();
        assertThat(run.status()).as(run.output()).isZero();
        assertThat(run.output())
                .contains("the topics' settings are not known")
                .contains("note: nobody knows the settings of the topic orders: it gets"
                        + " cleanup.policy=delete,retention.bytes=-1,retention.ms=-1, so that nothing of it is deleted")
                .contains("--entity-name orders --add-config")
                .contains("note: the topic __consumer_offsets gets the settings that Apache Kafka creates it with:"
                        + " cleanup.policy=compact,segment.bytes=104857600");
        assertThat(overrides("orders"))
                .isEqualTo(Map.of(
                        "cleanup.policy",
                        "delete",
                        "retention.ms",
                        "-1",
                        "retention.bytes",
                        "-1",
                        "storage.engine",
                        "log"));
        assertThat(overrides("__consumer_offsets"))
                .isEqualTo(Map.of("cleanup.policy", "compact", "segment.bytes", "104857600", "storage.engine", "log"));
    }

    private Map<String, String> overrides(String name) {
        Topic topic = broker.services().topics().find(name);
        assertThat(topic).as(name).isNotNull();
        return topic.overrides();
    }

    /** Of BeginTransactionRecord, EndTransactionRecord and AbortTransactionRecord nothing counts but the type. */
    private void addAroundTransaction(int type) {
        metadata.add(ByteBuffer.wrap(new byte[] {1, (byte) type, 0, 0}));
    }

    @Test
    void ofTheMetadataOnlyTransactionsThatHaveEndedCount() throws IOException {
        add(ConfigRecord.RECORD_TYPE, 0, config("orders", "retention.ms", "3"));
        addAroundTransaction(23);
        add(ConfigRecord.RECORD_TYPE, 0, config("orders", "retention.ms", "604800001"));
        addAroundTransaction(24);
        addAroundTransaction(23);
        add(ConfigRecord.RECORD_TYPE, 0, config("orders", "retention.ms", "4"));
        add(
                RemoveTopicRecord.RECORD_TYPE,
                0,
                RemoveTopicRecord.builder().topicId(ID).build());
        addAroundTransaction(25);
        addAroundTransaction(23);
        add(ConfigRecord.RECORD_TYPE, 0, config("orders", "retention.ms", "5"));
        writeMetadata();
        ToolRun run = adopt();
        assertThat(run.status()).as(run.output()).isZero();
        expectAdopted();
    }

    @Test
    void metadataThatLacksTheBeginningOfATransactionIsRefused() throws IOException {
        addAroundTransaction(24);
        writeMetadata();
        expectProblem("end a transaction that none of them began");
    }

    @Test
    void aStartOffsetThatIsNoneIsRefused() throws IOException {
        Files.writeString(kafka.resolve("log-start-offset-checkpoint"), "0\n1\norders 0 99999999999999999999\n");
        expectProblem("has the line «orders 0 99999999999999999999»");
    }

    /** Of message format 1, as Apache Kafka 0.10 wrote it. */
    private static byte[] oldMessage(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(34 + bytes.length);
        message.putLong(0).putInt(22 + bytes.length).putInt(0);
        message.put((byte) 1)
                .put((byte) 0)
                .putLong(1_000)
                .putInt(-1)
                .putInt(bytes.length)
                .put(bytes);
        CRC32 crc = new CRC32();
        crc.update(message.array(), 16, message.capacity() - 16);
        return message.putInt(12, (int) crc.getValue()).array();
    }

    @Test
    void messagesOfTheOldFormatAreRefusedWithWhatToDo() throws IOException {
        Path segment = RandomHistory.files(kafka.resolve("orders-0"), ".log").get(0);
        byte[] old = oldMessage("an order of long ago");
        byte[] content = Arrays.copyOf(old, 2 * old.length);
        System.arraycopy(old, 0, content, old.length, old.length);
        Files.write(segment, content);
        expectProblem("messages of the format 1 lie here, which Apache Kafka wrote before 0.11");
        assertThat(adopt().output()).contains("let Apache Kafka write these records anew");
        // Zeros are no message, though their magic is that of an even older one.
        Files.write(segment, new byte[content.length]);
        assertThat(adopt().output()).contains(segment + ": position 0").doesNotContain("messages of the format");
    }
}
