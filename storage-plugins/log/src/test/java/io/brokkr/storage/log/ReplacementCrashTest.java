package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.testkit.files.FolderTree;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * The power fails before every single operation on a file while segments are replaced: the log then opens with what was, or with what replaces it, and once the
 * commit is answered with the latter. A failure prints the seed that replays it.
 */
class ReplacementCrashTest {

    private static final LogId ID = new LogId(new UUID(9, 9), "orders", 0);
    private static final Map<String, String> SMALL_SEGMENTS =
            Map.of("segment.bytes", "2500", "index.interval.bytes", "150");
    private static final int CRASHES_AFTERWARDS = 10;

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void aCrashAtAnyPointLeavesTheOldOrTheNew(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("replacement");
        try {
            new Run(folder, new Random(seed)).crashEverywhere();
        } finally {
            FolderTree.delete(folder);
        }
    }

    /** One replacement, and the folders of all that it may have left. */
    private static final class Run {

        private final Path folder;
        private final Random random;
        private final List<Path> crashed = new ArrayList<>();
        private List<RecordBatch> before = new ArrayList<>();
        private List<RecordBatch> after = new ArrayList<>();
        private long startOffset;
        private int synced;

        Run(Path folder, Random random) {
            this.folder = folder;
            this.random = random;
        }

        void crashEverywhere() throws IOException {
            Path root = Files.createDirectory(folder.resolve("live"));
            fill(root);
            Path logFolder = root.resolve(ID.toString());
            UncertainDevice device = new UncertainDevice(logFolder, random);
            int undecided;
            try (StorageFixture fixture = new StorageFixture(List.of(root), Map.of());
                    StorageEngine engine = new LogStorageEngine(fixture, device)) {
                ReplaceableLog log = open(engine);
                append(log, random.nextInt(30));
                await(log.sync());
                synced = before.size();
                append(log, random.nextInt(3));
                device.beforeEach(() -> crash(device));
                replace(log);
                undecided = crashed.size();
                for (int i = 0; i < CRASHES_AFTERWARDS; i++) {
                    crash(device);
                }
                device.beforeEach(null);
            }
            for (int i = 0; i < crashed.size(); i++) {
                check(crashed.get(i), i < undecided);
            }
        }

        /** A log that was closed, and perhaps trimmed and compacted before. */
        private void fill(Path root) throws IOException {
            try (StorageFixture fixture = new StorageFixture(List.of(root), Map.of());
                    StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
                ReplaceableLog log = open(engine);
                append(log, 40 + random.nextInt(40));
                if (random.nextBoolean()) {
                    startOffset = random.nextLong(log.endOffset() / 2);
                    await(log.trim(startOffset));
                    before.removeIf(batch -> batch.lastOffset() < startOffset);
                }
                if (random.nextBoolean()) {
                    replace(log);
                    before = new ArrayList<>(after);
                }
            }
        }

        private void append(ReplaceableLog log, int count) {
            for (int i = 0; i < count; i++) {
                RecordBatch batch = Batches.of(
                        log.endOffset() + (random.nextInt(10) == 0 ? random.nextInt(20) : 0),
                        1 + random.nextInt(4),
                        random.nextInt(200),
                        1_000 + random.nextInt(1_000));
                await(log.append(batch));
                before.add(batch);
            }
        }

        private void replace(ReplaceableLog log) {
            List<LogSegment> finished = log.segments().subList(0, log.segments().size() - 1);
            int first = random.nextInt(finished.size());
            int last = Math.min(first + random.nextInt(3), finished.size() - 1);
            long base = finished.get(first).baseOffset();
            long end = finished.get(last).endOffset();
            boolean isNothing = random.nextInt(5) == 0;
            after = new ArrayList<>();
            before.stream().filter(batch -> batch.lastOffset() < base).forEach(after::add);
            var replacement = await(log.replace(base, end));
            for (RecordBatch batch : before) {
                if (batch.baseOffset() >= base && batch.baseOffset() < end && !isNothing && random.nextBoolean()) {
                    await(replacement.append(batch));
                    after.add(batch);
                }
            }
            await(replacement.commit());
            before.stream().filter(batch -> batch.baseOffset() >= end).forEach(after::add);
        }

        private void crash(UncertainDevice device) {
            Path root = folder.resolve("crash" + crashed.size());
            device.crashTo(root.resolve(ID.toString()));
            crashed.add(root);
        }

        private ReplaceableLog open(StorageEngine engine) {
            return (ReplaceableLog) await(engine.open(ID, 1, new TextConfiguration(SMALL_SEGMENTS)));
        }

        private void check(Path root, boolean mayBeOld) throws IOException {
            try (StorageFixture fixture = new StorageFixture(List.of(root), Map.of());
                    StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
                ReplaceableLog log = open(engine);
                assertThat(log.startOffset()).isEqualTo(startOffset);
                byte[] found = readAll(log);
                boolean isNew = isWhole(found, after, log.endOffset());
                boolean isOld = isWhole(found, before, log.endOffset());
                assertThat(isNew || (mayBeOld && isOld))
                        .as("%s: is new %s, is old %s, may be old %s", root.getFileName(), isNew, isOld, mayBeOld)
                        .isTrue();
                await(log.append(Batches.single(log.endOffset(), 1)));
                assertThat(KafkaFiles.read(root.resolve(ID.toString())).keySet())
                        .containsExactlyElementsOf(log.segments().stream()
                                .map(LogSegment::baseOffset)
                                .toList());
            }
            try (Stream<Path> files = Files.list(root.resolve(ID.toString()))) {
                assertThat(files).noneMatch(file -> file.toString().endsWith(".cleaned"));
            }
            KafkaFiles.checkIndexes(root.resolve(ID.toString()));
        }

        /** Whether a log holds all batches that were synced, and of those behind them as many as it says. */
        private boolean isWhole(byte[] found, List<RecordBatch> batches, long endOffset) {
            long syncedEnd = before.get(synced - 1).nextOffset();
            List<RecordBatch> expected = batches.stream()
                    .filter(batch -> batch.lastOffset() < endOffset)
                    .toList();
            return endOffset >= syncedEnd && Arrays.equals(found, concatenated(expected));
        }

        private static byte[] readAll(ReplaceableLog log) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            long offset = log.startOffset();
            while (true) {
                try (RecordData data = await(log.read(offset, 1 << 20, true, Long.MAX_VALUE))) {
                    if (data.sizeInBytes() == 0) {
                        return all.toByteArray();
                    }
                    for (RecordBatch batch : RecordBatches.complete(data.toBuffer())) {
                        all.writeBytes(Batches.bytes(batch));
                        offset = batch.nextOffset();
                    }
                }
            }
        }

        private static byte[] concatenated(List<RecordBatch> batches) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            batches.forEach(batch -> all.writeBytes(Batches.bytes(batch)));
            return all.toByteArray();
        }
    }
}
