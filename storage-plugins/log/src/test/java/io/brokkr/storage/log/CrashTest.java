package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
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
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a crash leaves of the bytes that nobody synced: the log opens, everything synced is there, and what there is is the beginning of what was
 * appended. A failure prints the seed that replays it.
 */
class CrashTest {

    private static final LogId ID = new LogId(new UUID(9, 9), "orders", 0);
    private static final Map<String, String> SMALL_SEGMENTS =
            Map.of("segment.bytes", "2500", "index.interval.bytes", "150");

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void whatWasSyncedOutlivesACrashAndTheRestIsAPrefix(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("crash");
        try {
            new Run(folder, new Random(seed)).crashAgainAndAgain();
        } finally {
            FolderTree.delete(folder);
        }
    }

    /** One log that lives through several crashes, each time in a copy of its folder. */
    private static final class Run {

        private final Path folder;
        private final Random random;

        /** What may be read, as far as anybody knows. */
        private final List<RecordBatch> batches = new ArrayList<>();

        private ReplaceableLog.@Nullable Replacement replacement;
        private long startOffset;
        private long syncedOffset;

        Run(Path folder, Random random) {
            this.folder = folder;
            this.random = random;
        }

        void crashAgainAndAgain() throws IOException {
            Path root = Files.createDirectory(folder.resolve("life0"));
            for (int life = 1; life <= 3; life++) {
                Path next = folder.resolve("life" + life);
                live(root, next);
                root = next;
            }
            try (StorageFixture fixture = new StorageFixture(List.of(root), Map.of());
                    StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
                check(open(engine));
            }
            KafkaFiles.checkIndexes(root.resolve(ID.toString()));
        }

        private PartitionLog open(StorageEngine engine) {
            return await(engine.open(ID, 1, new TextConfiguration(SMALL_SEGMENTS)));
        }

        /** Opens what the last crash left, works with it, and crashes. */
        private void live(Path root, Path next) throws IOException {
            try (StorageFixture fixture = new StorageFixture(List.of(root), Map.of());
                    StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
                PartitionLog log = open(engine);
                replacement = null;
                check(log);
                Crash crash = new Crash(root.resolve(ID.toString()), random);
                crash.noteSynced();
                int steps = random.nextInt(60);
                for (int i = 0; i < steps; i++) {
                    step(log, crash);
                }
                crash.copyTo(next.resolve(ID.toString()));
            }
        }

        private void step(PartitionLog log, Crash crash) throws IOException {
            switch (random.nextInt(20)) {
                case 0, 1 -> {
                    await(log.sync());
                    syncedOffset = log.endOffset();
                    crash.noteSynced();
                }
                case 2 -> {
                    startOffset = log.startOffset() + random.nextLong(log.endOffset() - log.startOffset() + 1);
                    await(log.trim(startOffset));
                    forget();
                }
                case 3 -> {
                    long end = log.startOffset() + random.nextLong(log.endOffset() - log.startOffset() + 1);
                    await(log.truncate(end));
                    batches.removeIf(batch -> batch.lastOffset() >= end);
                    // A truncation has a sync of its own.
                    syncedOffset = log.endOffset();
                    crash.noteSynced();
                }
                case 4, 5 -> replace((ReplaceableLog) log);
                case 6 -> await(((ReplaceableLog) log).finishSegment());
                default -> {
                    RecordBatch batch = Batches.of(
                            log.endOffset() + (random.nextInt(10) == 0 ? random.nextInt(20) : 0),
                            1 + random.nextInt(4),
                            random.nextInt(200),
                            1_000 + random.nextInt(1_000));
                    await(log.append(batch));
                    batches.add(batch);
                }
            }
        }

        /** Replaces finished segments; or abandons that, or leaves it to the crash. */
        private void replace(ReplaceableLog log) {
            List<LogSegment> segments = log.segments();
            if (segments.size() == 1 || replacement != null) {
                return;
            }
            int first = random.nextInt(segments.size() - 1);
            int last = Math.min(first + random.nextInt(3), segments.size() - 2);
            long base = segments.get(first).baseOffset();
            long end = segments.get(last).endOffset();
            List<RecordBatch> left = new ArrayList<>(batches);
            left.removeIf(batch -> batch.baseOffset() >= base && batch.baseOffset() < end && random.nextBoolean());
            replacement = await(log.replace(base, end));
            for (RecordBatch batch : left) {
                if (batch.baseOffset() >= base && batch.baseOffset() < end) {
                    await(replacement.append(batch));
                }
            }
            switch (random.nextInt(6)) {
                case 0 -> {}
                case 1 -> {
                    await(replacement.abandon());
                    replacement = null;
                }
                default -> {
                    await(replacement.commit());
                    replacement = null;
                    batches.retainAll(left);
                }
            }
        }

        private void forget() {
            batches.removeIf(batch -> batch.lastOffset() < startOffset);
        }

        /** Compares the log with what it must be, and takes note of what it is. */
        private void check(PartitionLog log) {
            assertThat(log.startOffset()).isEqualTo(startOffset);
            assertThat(log.endOffset()).isGreaterThanOrEqualTo(Math.max(syncedOffset, startOffset));
            List<RecordBatch> left = batches.stream()
                    .filter(batch -> batch.lastOffset() < log.endOffset())
                    .toList();
            assertThat(readAll(log)).isEqualTo(concatenated(left));
            assertThat(concatenated(left)).isEqualTo(Arrays.copyOf(concatenated(batches), concatenated(left).length));
            batches.retainAll(left);
            syncedOffset = log.endOffset();
            if (!left.isEmpty()) {
                long latest =
                        left.stream().mapToLong(RecordBatch::maxTimestamp).max().orElseThrow();
                assertThat(await(log.findTimestamp(latest))).isPresent();
            }
        }

        private static byte[] readAll(PartitionLog log) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            long offset = log.startOffset();
            while (offset < log.endOffset()) {
                try (var data = await(log.read(offset, 1 << 20, true, Long.MAX_VALUE))) {
                    if (data.sizeInBytes() == 0) {
                        break;
                    }
                    var bytes = data.toBuffer();
                    for (RecordBatch batch : io.brokkr.protocol.record.RecordBatches.complete(bytes)) {
                        all.writeBytes(Batches.bytes(batch));
                        offset = batch.nextOffset();
                    }
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
            }
            return all.toByteArray();
        }

        private static byte[] concatenated(List<RecordBatch> batches) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            batches.forEach(batch -> all.writeBytes(Batches.bytes(batch)));
            return all.toByteArray();
        }
    }
}
