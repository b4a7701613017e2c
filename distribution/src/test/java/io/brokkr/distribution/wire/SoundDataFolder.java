package io.brokkr.distribution.wire;

import io.brokkr.plugin.compaction.LogCompaction;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.TopicPartition;
import io.brokkr.storage.embeddedmetadata.EmbeddedMetadataStoreFactory;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.files.FolderTree;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.Stages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a broker leaves in two data folders after a stop in order: a topic of which records were deleted, with a log in each folder, and one that was compacted. Can be put back as often as
 * it is damaged.
 */
final class SoundDataFolder {

    static final TopicPartition FIRST = new TopicPartition("orders", 0);
    static final TopicPartition SECOND = new TopicPartition("orders", 1);
    static final TopicPartition COMPACTED = new TopicPartition("latest", 0);

    private static final String COMPACTION_CHECKPOINT = "compaction";

    private final Path root;
    private final Map<TopicPartition, Log> logs = new HashMap<>();
    private final Map<String, byte[]> files = new TreeMap<>();

    /**
     * A partition as it has to be found.
     *
     * @param folder relative to both data folders
     * @param batches the bytes of each, by its base offset
     */
    record Log(String folder, long startOffset, long highWatermark, Map<Long, byte[]> batches) {}

    SoundDataFolder(Path root) throws IOException {
        this.root = root;
        // Without compaction, which otherwise would come at any moment; afterwards there is nothing left for it to do.
        try (EmbeddedBroker broker = builder().start()) {
            fillOrders(broker);
            fillLatest(broker);
        }
        try (EmbeddedBroker broker = start()) {
            awaitCompaction();
            for (TopicPartition name : List.of(FIRST, SECOND, COMPACTED)) {
                logs.put(name, look(open(broker, name)));
            }
        }
        try (Stream<Path> found = Files.walk(root)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }

    private EmbeddedBroker.Builder builder() {
        return EmbeddedBroker.builder()
                .extension(LogStorageEngineFactory::new)
                .extension(EmbeddedMetadataStoreFactory::new)
                .dataFolder(root)
                .setting("log.dirs", root.resolve("first") + "," + root.resolve("second"));
    }

    EmbeddedBroker start() {
        return builder()
                .extension(LogCompaction::new)
                .setting("log.cleaner.backoff.ms", "50")
                .setting("log.cleaner.min.cleanable.ratio", "0.01")
                .start();
    }

    static Partition open(EmbeddedBroker broker, TopicPartition name) {
        return Stages.await(broker.services().partitions().open(name));
    }

    private static void append(Partition partition, byte[] batch) {
        Stages.await(partition.append(ByteBuffer.wrap(batch), Durability.COMMITTED));
    }

    /** The records that are deleted end within a segment. */
    private static void fillOrders(EmbeddedBroker broker) {
        Map<String, String> settings =
                Map.of("segment.bytes", "2000", "index.interval.bytes", "300", "retention.ms", "-1");
        Stages.await(broker.services().topics().create(new NewTopic("orders", 2, 1, settings)));
        for (TopicPartition name : List.of(FIRST, SECOND)) {
            Partition partition = open(broker, name);
            for (int i = 0; i < 20; i++) {
                append(partition, Batches.bytes(Batches.of(0, 3, 100, 1_000 + i)));
            }
            Stages.await(partition.deleteRecordsBefore(24));
        }
    }

    /** Of today, lest the segment that is written be ended for its age. */
    private static void fillLatest(EmbeddedBroker broker) {
        Map<String, String> settings = Map.of("segment.bytes", "1000", "cleanup.policy", "compact");
        Stages.await(broker.services().topics().create(new NewTopic("latest", 1, 1, settings)));
        Partition partition = open(broker, COMPACTED);
        for (int i = 0; i < 40; i++) {
            ByteBuffer key = ByteBuffer.wrap(("key" + i % 5).getBytes(StandardCharsets.UTF_8));
            ByteBuffer batch = new RecordBatchBuilder()
                    .append(System.currentTimeMillis(), key, ByteBuffer.wrap(new byte[100]))
                    .build();
            byte[] bytes = new byte[batch.remaining()];
            batch.get(bytes);
            append(partition, bytes);
        }
    }

    private void awaitCompaction() {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (Files.notExists(root.resolve(folderOf(COMPACTED)).resolve(COMPACTION_CHECKPOINT))) {
            if (System.nanoTime() > end) {
                throw new AssertionError("nothing was compacted");
            }
            Thread.onSpinWait();
        }
    }

    private String folderOf(TopicPartition name) {
        String folder = name.topic() + "-" + name.partition();
        return Files.exists(root.resolve("first").resolve(folder)) ? "first/" + folder : "second/" + folder;
    }

    private Log look(Partition partition) throws IOException {
        Map<Long, byte[]> batches = new TreeMap<>();
        long offset = partition.logStartOffset();
        while (offset < partition.highWatermark()) {
            RecordBatch batch = firstAt(partition, offset);
            batches.put(batch.baseOffset(), Batches.bytes(batch));
            offset = batch.nextOffset();
        }
        return new Log(folderOf(partition.name()), partition.logStartOffset(), partition.highWatermark(), batches);
    }

    /** The batch that a reader gets first at an offset. */
    static RecordBatch firstAt(Partition partition, long offset) throws IOException {
        try (RecordData records = Stages.await(partition.read(offset, 1, true, Isolation.READ_UNCOMMITTED))
                .records()) {
            byte[] bytes = new byte[records.sizeInBytes()];
            records.toBuffer().get(bytes);
            return RecordBatches.possiblyCut(ByteBuffer.wrap(bytes)).iterator().next();
        }
    }

    Map<TopicPartition, Log> logs() {
        return logs;
    }

    /** All files, relative to both data folders. */
    List<String> files() {
        return List.copyOf(files.keySet());
    }

    /** Puts back what was there. */
    void restore() throws IOException {
        for (String each : List.of("first", "second")) {
            FolderTree.delete(root.resolve(each));
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }
}
