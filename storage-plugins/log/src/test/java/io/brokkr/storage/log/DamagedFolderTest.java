package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.files.Damage;
import io.brokkr.testkit.files.FolderTree;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Any file of a data folder, damaged in any way while the broker is stopped: what is sound is served as it was appended; what is not is refused with the
 * name of a file; nothing is served that was not appended, and nothing is passed over in silence. Base offset and leader epoch, which no checksum covers, stay
 * as they are.
 */
class DamagedFolderTest {

    private static final LogId ID = new LogId(new UUID(9, 9), "orders", 0);
    private static final LogId BYSTANDER = new LogId(new UUID(9, 8), "invoices", 0);
    private static final Map<String, String> SETTINGS =
            Map.of("segment.bytes", "6000", "index.interval.bytes", "150", "segment.index.bytes", "100000");
    private static final int BATCHES = 120;

    /** Damage that every reader meets. */
    private static final Set<Damage> WHOLE = Set.of(Damage.EMPTIED, Damage.REMOVED, Damage.UNREADABLE, Damage.GARBAGE);

    @Property(tries = 120, edgeCases = EdgeCasesMode.NONE)
    void anyFileMayBeDamaged(@ForAll long seed, @ForAll Damage damage) throws IOException {
        Path root = Files.createTempDirectory("damage");
        try {
            new Run(root, new Random(seed), damage).run();
        } finally {
            FolderTree.delete(root);
        }
    }

    /** One folder, and one file of it. */
    private static final class Run {

        private final Path root;
        private final Random random;
        private final Damage damage;
        private final List<RecordBatch> batches = new ArrayList<>();

        Run(Path root, Random random, Damage damage) {
            this.root = root;
            this.random = random;
            this.damage = damage;
        }

        void run() throws IOException {
            inEngine(this::fill);
            List<Path> files = files();
            Path file = files.get(random.nextInt(files.size()));
            inflict(file);
            try {
                inEngine(engine -> {
                    check(engine, file);
                    if (isIndex(file) && WHOLE.contains(damage)) {
                        awaitIndexes(open(engine, ID), file);
                    }
                });
            } catch (StorageException refusal) {
                assertThat(file).hasFileName("brokkr-log-format");
                assertThat(refusal.getMessage()).contains("brokkr-log-format");
            }
            if (isIndex(file) && WHOLE.contains(damage)) {
                KafkaFiles.checkIndexes(root.resolve(ID.toString()));
            }
        }

        /** The index of the last segment is complete when the log is closed. */
        private static void awaitIndexes(PartitionLog log, Path damaged) throws IOException {
            long base = Long.parseLong(damaged.getFileName().toString().substring(0, 20));
            if (base < log.segments().get(log.segments().size() - 1).baseOffset()) {
                Eventually.holds(() -> KafkaFiles.checkIndexes(damaged.resolveSibling(""), base));
            }
        }

        private interface Work {
            void with(StorageEngine engine) throws IOException;
        }

        private void inEngine(Work work) throws IOException {
            try (StorageFixture fixture = new StorageFixture(List.of(root), Map.of());
                    StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
                work.with(engine);
            }
        }

        private static PartitionLog open(StorageEngine engine, LogId id) {
            return await(engine.open(id, 1, new TextConfiguration(SETTINGS)));
        }

        private void fill(StorageEngine engine) {
            PartitionLog log = open(engine, ID);
            PartitionLog other = open(engine, BYSTANDER);
            for (int i = 0; i < BATCHES; i++) {
                RecordBatch batch = Batches.of(
                        log.endOffset(),
                        1 + random.nextInt(4),
                        random.nextInt(120),
                        1_000 + 10 * i + random.nextInt(15));
                batches.add(batch);
                await(log.append(batch));
                await(other.append(batch));
            }
            await(log.writeCheckpoint("note", Bytes.copyOf(new byte[] {1, 2, 3})));
        }

        private List<Path> files() throws IOException {
            List<Path> found = new ArrayList<>();
            found.add(root.resolve("brokkr-log-format"));
            try (Stream<Path> inLog = Files.list(root.resolve(ID.toString()))) {
                inLog.sorted().forEach(found::add);
            }
            return found;
        }

        private void inflict(Path file) throws IOException {
            byte[] before = Files.readAllBytes(file);
            damage.inflict(file, random);
            if (file.toString().endsWith(".log") && Files.isRegularFile(file)) {
                restoreUnchecked(file, before);
            }
        }

        /** Puts base offsets and epochs back, wherever a batch began. */
        private static void restoreUnchecked(Path file, byte[] before) throws IOException {
            byte[] after = Files.readAllBytes(file);
            java.nio.ByteBuffer sound = java.nio.ByteBuffer.wrap(before);
            for (int at = 0; at < before.length; at += sound.getInt(at + 8) + 12) {
                for (int i = at; i < Math.min(at + 16, after.length); i++) {
                    if (i < at + 8 || i >= at + 12) {
                        after[i] = before[i];
                    }
                }
            }
            Files.write(file, after);
        }

        private static boolean isIndex(Path file) {
            return file.toString().endsWith("index");
        }

        private void check(StorageEngine engine, Path damaged) {
            assertThat(await(engine.list())).contains(BYSTANDER);
            checkReads(open(engine, BYSTANDER), damaged.resolveSibling("nothing"));
            PartitionLog log;
            try {
                log = open(engine, ID);
                if (damaged.endsWith(TopicIdFile.NAME) && log.endOffset() == 0) {
                    // Another id, without a sign of damage: it is another topic's folder, which is left alone.
                    return;
                }
            } catch (StorageException refusal) {
                assertThat(damaged.getFileName().toString()).matches(".*\\.log|brokkr-log-state|partition\\.metadata");
                assertThat(refusal.getMessage()).contains(damaged.getFileName().toString());
                return;
            }
            assertThat(damaged.endsWith(LogState.NAME) && WHOLE.contains(damage))
                    .as("nobody guesses what counts")
                    .isFalse();
            checkReads(log, damaged);
            if (!damaged.toString().endsWith(".log")) {
                checkTimestamps(log);
            }
            if (!damaged.endsWith("note")) {
                assertThat(await(log.readCheckpoint("note"))).isPresent();
            }
        }

        private void checkReads(PartitionLog log, Path damaged) {
            for (int i = 0; i < batches.size(); i++) {
                RecordBatch expected = batches.get(i);
                boolean mayFail = isIn(damaged, expected.baseOffset(), log);
                if (expected.baseOffset() >= log.endOffset()) {
                    // Without its state file a log ends where the damage begins, as it would after a crash.
                    assertThat(damaged.toString()).endsWith(".log");
                    return;
                }
                byte[] found = firstAt(log, expected.baseOffset(), damaged);
                if (found == null) {
                    assertThat(mayFail).as("offset %d", expected.baseOffset()).isTrue();
                } else {
                    assertThat(found).isEqualTo(Batches.bytes(expected));
                }
            }
        }

        private static boolean isIn(Path damaged, long offset, PartitionLog log) {
            return log.segments().stream()
                    .anyMatch(segment -> damaged.endsWith(Segment.nameOf(segment.baseOffset()) + ".log")
                            && offset >= segment.baseOffset()
                            && offset < segment.endOffset());
        }

        /** What a client gets that wants to read on; null if it is told that there is damage. */
        private byte @Nullable [] firstAt(PartitionLog log, long offset, Path damaged) {
            int maxBytes = random.nextBoolean() ? 1 : 1 << 20;
            long before = random.nextBoolean() ? Long.MAX_VALUE : log.endOffset();
            try (RecordData data = await(log.read(offset, maxBytes, true, before))) {
                for (RecordBatch batch : RecordBatches.possiblyCut(data.toBuffer())) {
                    return Batches.bytes(batch);
                }
                throw new AssertionError("nothing at " + offset);
            } catch (CorruptLogException told) {
                assertThat(told.getMessage()).contains(damaged.getFileName().toString());
                return null;
            } catch (StorageException unreadable) {
                assertThat(unreadable.getMessage())
                        .contains(damaged.getFileName().toString());
                return null;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private void checkTimestamps(PartitionLog log) {
            // Close enough to each other that every segment is searched.
            for (int i = 0; i < BATCHES; i += 4) {
                long timestamp = batches.get(i).maxTimestamp() - 1 + random.nextInt(3);
                RecordBatch first = batches.stream()
                        .filter(batch -> batch.maxTimestamp() >= timestamp)
                        .findFirst()
                        .orElse(null);
                var found = await(log.findTimestamp(timestamp));
                assertThat(found.isPresent()).as("time %d", timestamp).isEqualTo(first != null);
                if (first != null) {
                    assertThat(found.orElseThrow()).isLessThanOrEqualTo(first.baseOffset());
                }
            }
        }
    }
}
