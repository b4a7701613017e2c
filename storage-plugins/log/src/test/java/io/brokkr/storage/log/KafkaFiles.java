package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;

/** Looks at a log's folder with Apache Kafka's own reader, and at the indexes with the rules that {@code kafka-dump-log} checks. */
final class KafkaFiles {

    private KafkaFiles() {}

    /** A batch as Kafka sees it. */
    record Batch(long baseOffset, long lastOffset, long maxTimestamp, int position, int sizeInBytes) {}

    /** The batches of all segments, by the segments' base offsets; every one is checked whole. */
    static Map<Long, List<Batch>> read(Path folder) {
        Map<Long, List<Batch>> segments = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                String name = file.getFileName().toString();
                segments.put(Long.parseLong(name.substring(0, 20)), readSegment(file));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return segments;
    }

    private static List<Batch> readSegment(Path file) throws IOException {
        List<Batch> batches = new ArrayList<>();
        try (FileRecords records = FileRecords.open(file.toFile(), false)) {
            for (FileChannelRecordBatch batch : records.batches()) {
                batch.ensureValid();
                batches.add(new Batch(
                        batch.baseOffset(),
                        batch.lastOffset(),
                        batch.maxTimestamp(),
                        batch.position(),
                        batch.sizeInBytes()));
            }
        }
        assertThat(batches.stream().mapToInt(Batch::sizeInBytes).sum())
                .as("whole batches in %s", file)
                .isEqualTo((int) Files.size(file));
        return batches;
    }

    /** Checks both indexes of every segment. Gives the number of entries. */
    static int checkIndexes(Path folder) {
        int entries = 0;
        for (long baseOffset : read(folder).keySet()) {
            entries += checkIndexes(folder, baseOffset);
        }
        return entries;
    }

    /** Of one segment. */
    static int checkIndexes(Path folder, long baseOffset) {
        List<Batch> batches = read(folder).getOrDefault(baseOffset, List.of());
        return checkOffsetIndex(folder, baseOffset, batches) + checkTimeIndex(folder, baseOffset, batches);
    }

    private static ByteBuffer content(Path folder, long baseOffset, String suffix, int entrySize) {
        try {
            Path file = folder.resolve(String.format("%020d%s", baseOffset, suffix));
            ByteBuffer content = ByteBuffer.wrap(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
            assertThat(content.remaining() % entrySize)
                    .as("half an entry in %s", file)
                    .isZero();
            return content;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int checkOffsetIndex(Path folder, long baseOffset, List<Batch> batches) {
        Map<Integer, Batch> byPosition = new HashMap<>();
        batches.forEach(batch -> byPosition.put(batch.position(), batch));
        ByteBuffer index = content(folder, baseOffset, ".index", 8);
        int entries = index.remaining() / 8;
        long before = 0;
        while (index.hasRemaining()) {
            int relative = index.getInt();
            int position = index.getInt();
            assertThat(byPosition).as("a batch begins where the index says").containsKey(position);
            assertThat(byPosition.get(position).lastOffset()).isEqualTo(baseOffset + relative);
            assertThat((long) relative).as("ascending, and not the base offset").isGreaterThan(before);
            before = relative;
        }
        return entries;
    }

    private static int checkTimeIndex(Path folder, long baseOffset, List<Batch> batches) {
        ByteBuffer index = content(folder, baseOffset, ".timeindex", 12);
        int entries = index.remaining() / 12;
        long before = -1;
        while (index.hasRemaining()) {
            long timestamp = index.getLong();
            long offset = baseOffset + index.getInt();
            assertThat(timestamp).as("ascending").isGreaterThan(before);
            assertThat(batches)
                    .as("a batch that ends at %d has the timestamp", offset)
                    .anyMatch(batch -> batch.lastOffset() == offset && batch.maxTimestamp() == timestamp);
            assertThat(batches)
                    .as("none before has a later one than %d", timestamp)
                    .noneMatch(batch -> batch.lastOffset() < offset && batch.maxTimestamp() > timestamp);
            before = timestamp;
        }
        return entries;
    }

    /** The last entry of a time index, the largest timestamp; -1 if there is none. */
    static long lastIndexedTimestamp(Path folder, long baseOffset) {
        ByteBuffer index = content(folder, baseOffset, ".timeindex", 12);
        return index.hasRemaining() ? index.getLong(index.limit() - 12) : -1;
    }
}
