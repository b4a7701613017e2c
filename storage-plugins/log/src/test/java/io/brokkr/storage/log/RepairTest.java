package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.files.FolderTree;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** {@code brokkr log repair} loses nothing that is sound, throws nothing away, and leaves a log that is sound. */
class RepairTest {

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void whateverIsDamagedTheSoundBatchesStayAndTheLogOpens(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path root = Files.createTempDirectory("repair");
        try {
            Path log = RandomHistory.live(root, random);
            List<KafkaFiles.Batch> whole = batches(log);
            List<KafkaFiles.Batch> hit = damage(log, random);
            Map<String, ByteBuffer> damaged = contents(log);
            Optional<LogState> vouched = stateOf(log);

            ToolRun plan = ToolRun.of("repair", root.toString());
            assertThat(contents(log)).as("a plan changes nothing").isEqualTo(damaged);
            assertThat(plan.status())
                    .isEqualTo(ToolRun.of("verify", root.toString()).status());

            ToolRun repair = ToolRun.of("repair", root.toString(), "--yes");
            assertThat(repair.output()).contains("all logs are sound");
            assertThat(ToolRun.of("verify", root.toString()).status()).isZero();
            assertThat(sizeOfRecords(log))
                    .isEqualTo(damaged.entrySet().stream()
                            .filter(file -> file.getKey().endsWith(".log"))
                            .mapToLong(file -> file.getValue().capacity())
                            .sum());
            vouched.ifPresent(state -> assertThat(stateOf(log).orElseThrow().endOffset())
                    .as("offsets that were given out are not given out again")
                    .isGreaterThanOrEqualTo(state.endOffset()));
            List<KafkaFiles.Batch> left = batches(log);
            assertThat(offsets(left)).isSubsetOf(offsets(whole));
            whole.removeAll(hit);
            assertThat(offsets(left)).containsAll(offsets(whole));
            open(root, left);
        } finally {
            FolderTree.delete(root);
        }
    }

    /** Killed when it was decided that a segment stands in the place of two, and its files were still beside theirs; a batch behind them is damaged, too. */
    @Test
    void aReplacementThatWasCutShortIsEnded() throws IOException {
        Path root = Files.createTempDirectory("repair");
        try {
            try (StorageFixture fixture = new StorageFixture(List.of(root), Map.of());
                    StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
                PartitionLog log =
                        await(engine.open(RandomHistory.ID, 1, new TextConfiguration(RandomHistory.SMALL_SEGMENTS)));
                while (log.segments().size() < 4) {
                    await(log.append(Batches.of(log.endOffset(), 2, 50, 1_000 + log.endOffset())));
                }
            }
            Path log = root.resolve(RandomHistory.ID.toString());
            List<LogState.SegmentLine> lines = stateOf(log).orElseThrow().segments();
            long end = lines.get(2).baseOffset();
            OpenFiles files = new OpenFiles(FileOperations.SYSTEM, System::nanoTime);
            Segment cleaned = Segment.createCleaned(files, log, 0);
            cleaned.append(Batches.of(end - 1, 1, 50, 1_000 + end), 4096);
            cleaned.completeTimeIndex();
            cleaned.forceIndexes();
            cleaned.force();
            cleaned.close();
            stateOf(log).orElseThrow().replacing(0, end, cleaned.toLine()).write(FileOperations.SYSTEM, log);
            Path behind = log.resolve(Segment.nameOf(end) + ".log");
            byte[] bytes = Files.readAllBytes(behind);
            bytes[40] ^= 1;
            Files.write(behind, bytes);

            Map<String, ByteBuffer> before = contents(log);
            ToolRun plan = ToolRun.of("repair", root.toString());
            assertThat(plan.output()).contains("would move the files that replace the segment 0");
            assertThat(contents(log)).isEqualTo(before);

            ToolRun repair = ToolRun.of("repair", root.toString(), "--yes");
            assertThat(repair.output()).contains("all logs are sound").contains("bytes at position 0 of " + behind);
            assertThat(repair.status()).isZero();
            open(root, List.of());
            List<KafkaFiles.Batch> left = batches(log);
            assertThat(left.get(0).baseOffset()).isEqualTo(end - 1);
            assertThat(left.get(1).baseOffset()).isEqualTo(end + 2);
        } finally {
            FolderTree.delete(root);
        }
    }

    /** Empty if there is none that can be read. */
    private static Optional<LogState> stateOf(Path log) {
        try {
            return LogState.read(log);
        } catch (IOException | StorageException unreadable) {
            return Optional.empty();
        }
    }

    private static void open(Path root, List<KafkaFiles.Batch> left) {
        try (StorageFixture fixture = new StorageFixture(List.of(root), Map.of());
                StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
            PartitionLog opened =
                    await(engine.open(RandomHistory.ID, 2, new TextConfiguration(RandomHistory.SMALL_SEGMENTS)));
            if (!left.isEmpty()) {
                assertThat(opened.endOffset())
                        .isGreaterThanOrEqualTo(left.get(left.size() - 1).lastOffset() + 1);
            }
        }
    }

    /** The batches that were hit. Base offsets and leader epochs are spared, of which only their neighbours can tell. */
    private static List<KafkaFiles.Batch> damage(Path log, Random random) throws IOException {
        List<KafkaFiles.Batch> hit = new ArrayList<>();
        for (Map.Entry<Long, List<KafkaFiles.Batch>> segment :
                KafkaFiles.read(log).entrySet()) {
            Path file = log.resolve(Segment.nameOf(segment.getKey()) + ".log");
            byte[] bytes = Files.readAllBytes(file);
            for (KafkaFiles.Batch batch : segment.getValue()) {
                if (random.nextInt(6) == 0) {
                    int at = batch.position() + 16 + random.nextInt(batch.sizeInBytes() - 16);
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                    hit.add(batch);
                }
            }
            Files.write(file, bytes);
            if (random.nextInt(4) == 0) {
                byte[] torn = new byte[random.nextInt(200)];
                random.nextBytes(torn);
                Files.write(file, torn, StandardOpenOption.APPEND);
            }
            if (random.nextInt(4) == 0) {
                byte[] noise = new byte[random.nextInt(64)];
                random.nextBytes(noise);
                Files.write(log.resolve(Segment.nameOf(segment.getKey()) + ".index"), noise);
            }
        }
        if (random.nextInt(4) == 0) {
            Files.writeString(log.resolve(LogState.NAME), "version: 1\nnonsense");
        }
        return hit;
    }

    private static List<KafkaFiles.Batch> batches(Path log) {
        return new ArrayList<>(
                KafkaFiles.read(log).values().stream().flatMap(List::stream).toList());
    }

    private static List<List<Long>> offsets(List<KafkaFiles.Batch> batches) {
        return batches.stream()
                .map(batch -> List.of(batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp()))
                .toList();
    }

    private static Map<String, ByteBuffer> contents(Path log) throws IOException {
        Map<String, ByteBuffer> contents = new TreeMap<>();
        for (Path file : RandomHistory.files(log, "")) {
            contents.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
        }
        return contents;
    }

    private static long sizeOfRecords(Path log) throws IOException {
        long size = 0;
        for (Path file : RandomHistory.files(log, "")) {
            if (file.toString().contains(".log")) {
                size += Files.size(file);
            }
        }
        return size;
    }
}
