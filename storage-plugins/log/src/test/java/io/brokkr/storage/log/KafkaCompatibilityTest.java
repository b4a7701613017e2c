package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.storage.StorageContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/** What lies in the folder is what Apache Kafka would have written there. */
class KafkaCompatibilityTest extends StorageContract {

    private final LogId id = id("orders");

    @Override
    protected StorageEngineFactory factory() {
        return new LogStorageEngineFactory();
    }

    @Override
    protected Map<String, String> topicSettings() {
        return Map.of("segment.bytes", "30000", "index.interval.bytes", "500");
    }

    private Path logFolder() {
        return folder.resolve("orders-0");
    }

    /** A batch that Kafka's producer would send, at an offset that its broker would give. */
    private static RecordBatch kafkaBatch(long offset, long timestamp, Random random) {
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(20)];
        for (int i = 0; i < records.length; i++) {
            byte[] value = new byte[random.nextInt(100)];
            random.nextBytes(value);
            records[i] = new SimpleRecord(timestamp + i, "key".getBytes(StandardCharsets.UTF_8), value);
        }
        Compression compression =
                random.nextBoolean() ? Compression.NONE : Compression.gzip().build();
        MemoryRecords batch = MemoryRecords.withRecords(offset, compression, records);
        batch.batches().iterator().next().setPartitionLeaderEpoch(3);
        return RecordBatch.of(batch.buffer());
    }

    private void appendKafkaBatches(PartitionLog log, int count, Random random) {
        for (int i = 0; i < count; i++) {
            append(log, kafkaBatch(log.endOffset() + random.nextInt(3), 10_000 + random.nextInt(5_000), random));
        }
    }

    @Test
    void kafkaReadsEverySegmentAndItsIndexesAreSound() {
        Random random = new Random(42);
        PartitionLog log = open(id);
        for (int round = 0; round < 4; round++) {
            appendKafkaBatches(log, 200, random);
            List<LogSegment> segments = log.segments();
            await(log.close());
            Map<Long, List<KafkaFiles.Batch>> found = KafkaFiles.read(logFolder());
            assertThat(found.keySet())
                    .containsExactlyElementsOf(
                            segments.stream().map(LogSegment::baseOffset).toList());
            for (LogSegment segment : segments) {
                List<KafkaFiles.Batch> batches = found.get(segment.baseOffset());
                assertThat(batches.get(batches.size() - 1).lastOffset()).isLessThan(segment.endOffset());
                assertThat(KafkaFiles.lastIndexedTimestamp(logFolder(), segment.baseOffset()))
                        .isEqualTo(segment.maxTimestamp())
                        .isEqualTo(batches.stream()
                                .mapToLong(KafkaFiles.Batch::maxTimestamp)
                                .max()
                                .orElseThrow());
            }
            assertThat(KafkaFiles.checkIndexes(logFolder())).isGreaterThan(50 * (round + 1));
            log = open(id);
        }
    }

    @Test
    void theIndexesAreSoundAfterTrimsAndTruncations() {
        Random random = new Random(43);
        PartitionLog log = open(id);
        for (int round = 0; round < 12; round++) {
            appendKafkaBatches(log, 120, random);
            long length = log.endOffset() - log.startOffset();
            if (round % 2 == 0) {
                await(log.truncate(log.endOffset() - random.nextInt((int) (length / 2))));
            } else {
                await(log.trim(log.startOffset() + random.nextInt((int) (length / 2))));
            }
            KafkaFiles.checkIndexes(logFolder());
        }
        await(log.close());
        assertThat(KafkaFiles.checkIndexes(logFolder())).isPositive();
    }

    @Test
    void theIndexesAreSoundAfterReplacements() {
        Random random = new Random(48);
        ReplaceableLog log = (ReplaceableLog) open(id);
        for (int round = 0; round < 4; round++) {
            appendKafkaBatches(log, 200, random);
            compact(log, random);
            byte[] content = readAll(log, 0);
            List<LogSegment> segments = log.segments();
            await(log.close());
            Map<Long, List<KafkaFiles.Batch>> found = KafkaFiles.read(logFolder());
            assertThat(found.keySet())
                    .containsExactlyElementsOf(
                            segments.stream().map(LogSegment::baseOffset).toList());
            for (LogSegment segment : segments) {
                assertThat(KafkaFiles.lastIndexedTimestamp(logFolder(), segment.baseOffset()))
                        .isEqualTo(segment.maxTimestamp())
                        .isEqualTo(found.get(segment.baseOffset()).stream()
                                .mapToLong(KafkaFiles.Batch::maxTimestamp)
                                .max()
                                .orElse(-1));
            }
            assertThat(KafkaFiles.checkIndexes(logFolder())).isPositive();
            log = (ReplaceableLog) open(id);
            assertThat(readAll(log, 0)).isEqualTo(content);
        }
    }

    /** Leaves two of three batches in all finished segments, of which each two become one. */
    private static void compact(ReplaceableLog log, Random random) {
        List<LogSegment> segments = log.segments();
        for (int i = 0; i + 2 < segments.size(); i += 2) {
            long end = segments.get(i + 1).endOffset();
            ReplaceableLog.Replacement replacement =
                    await(log.replace(segments.get(i).baseOffset(), end));
            byte[] old = readAll(log, segments.get(i).baseOffset());
            for (RecordBatch batch : RecordBatches.complete(ByteBuffer.wrap(old))) {
                if (batch.baseOffset() < end && random.nextInt(3) > 0) {
                    await(replacement.append(batch));
                }
            }
            await(replacement.commit());
        }
    }

    @Test
    void lostIndexesAreMissedByNobody() throws IOException {
        PartitionLog log = open(id);
        appendKafkaBatches(log, 300, new Random(44));
        byte[] content = readAll(log, 0);
        await(log.close());
        for (long baseOffset : KafkaFiles.read(logFolder()).keySet()) {
            Files.delete(logFolder().resolve(String.format("%020d.index", baseOffset)));
            Files.delete(logFolder().resolve(String.format("%020d.timeindex", baseOffset)));
        }
        PartitionLog again = open(id);
        assertThat(readAll(again, 0)).isEqualTo(content);
        assertThat(await(again.findTimestamp(0))).contains(0L);
        appendKafkaBatches(again, 300, new Random(45));
        await(again.close());
        assertThat(KafkaFiles.checkIndexes(logFolder())).isPositive();
    }

    /** As {@code kafka-dump-log} and a Kafka broker read it: a properties file with a version and an id. */
    @Test
    void theTopicIdIsWhereKafkaLooksForIt() throws IOException {
        UUID topicId = UUID.fromString("01234567-89ab-cdef-8123-456789abcdef");
        open(new LogId(topicId, "orders", 0));
        Properties metadata = new Properties();
        try (var reader = Files.newBufferedReader(logFolder().resolve("partition.metadata"))) {
            metadata.load(reader);
        }
        assertThat(metadata)
                .containsEntry("version", "0")
                .containsEntry(
                        "topic_id",
                        new Uuid(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits()).toString());
    }

    @Test
    void aCheckpointIsAFileOfItsName() throws IOException {
        PartitionLog log = open(id);
        Bytes content = Bytes.copyOf("0\n1\n3 0\n".getBytes(StandardCharsets.US_ASCII));
        await(log.writeCheckpoint("leader-epoch-checkpoint", content));
        assertThat(logFolder().resolve("leader-epoch-checkpoint")).hasBinaryContent(content.toArray());
    }

    /** What is left of a replacement whose files could not be removed. */
    @Test
    void aReplacementBeginsWithEmptyIndexes() throws IOException {
        ReplaceableLog log = (ReplaceableLog) open(id);
        appendKafkaBatches(log, 200, new Random(49));
        LogSegment first = log.segments().get(0);
        for (String suffix : List.of(".index", ".timeindex")) {
            Files.write(logFolder().resolve(Segment.nameOf(first.baseOffset()) + suffix + ".cleaned"), new byte[240]);
        }
        byte[] content = readAll(log, 0);
        ReplaceableLog.Replacement replacement = await(log.replace(first.baseOffset(), first.endOffset()));
        for (RecordBatch batch : RecordBatches.complete(ByteBuffer.wrap(content))) {
            if (batch.baseOffset() < first.endOffset()) {
                await(replacement.append(batch));
            }
        }
        await(replacement.commit());
        await(log.close());
        assertThat(KafkaFiles.checkIndexes(logFolder(), first.baseOffset())).isPositive();
    }

    /** A folder as Kafka leaves it behind when it is killed: no state of ours, and indexes with room for more at their ends. */
    @Test
    void whatKafkaLeftBehindIsTakenOverByARepair() throws IOException {
        PartitionLog log = open(id);
        appendKafkaBatches(log, 300, new Random(46));
        long end = log.endOffset();
        byte[] content = readAll(log, 0);
        await(log.close());
        Files.delete(logFolder().resolve("brokkr-log-state"));
        for (long baseOffset : KafkaFiles.read(logFolder()).keySet()) {
            Files.write(
                    logFolder().resolve(String.format("%020d.index", baseOffset)),
                    new byte[4_000],
                    java.nio.file.StandardOpenOption.APPEND);
        }
        assertThatThrownBy(() -> open(id))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("brokkr-log-state is missing");
        ToolRun repair = ToolRun.of("repair", logFolder().toString(), "--yes");
        assertThat(repair.output()).contains("brokkr-log-state").contains("all logs are sound");
        PartitionLog again = open(id);
        assertThat(again.endOffset()).isEqualTo(end);
        assertThat(readAll(again, 0)).isEqualTo(content);
        appendKafkaBatches(again, 10, new Random(47));
        await(again.close());
        assertThat(KafkaFiles.checkIndexes(logFolder())).isPositive();
    }
}
