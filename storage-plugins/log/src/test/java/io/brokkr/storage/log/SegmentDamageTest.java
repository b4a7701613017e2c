package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Indexes that look right and are wrong, and headers that are none, in segments that the state file vouches for. */
class SegmentDamageTest extends StorageContract {

    private static final LogId ID = id("orders");
    private static final int BATCHES = 200;
    private final List<RecordBatch> batches = new ArrayList<>();

    @Override
    protected StorageEngineFactory factory() {
        return new LogStorageEngineFactory();
    }

    @Override
    protected Map<String, String> topicSettings() {
        return Map.of("segment.bytes", "8000", "index.interval.bytes", "250");
    }

    /** Several segments, closed well. */
    private void fill() {
        PartitionLog log = open(ID);
        for (int i = 0; i < BATCHES; i++) {
            RecordBatch batch = Batches.of(log.endOffset(), 2, 10, 1_000 + 10 * i);
            append(log, batch);
            batches.add(batch);
        }
        await(log.close());
    }

    private Path logFolder() {
        return folder.resolve("orders-0");
    }

    private List<Path> files(String suffix) throws IOException {
        try (var files = Files.list(logFolder())) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private void checkAllReads(PartitionLog log) {
        for (RecordBatch batch : batches) {
            for (long offset = batch.baseOffset(); offset < batch.nextOffset(); offset++) {
                assertThat(take(log.read(offset, 1, true, Long.MAX_VALUE)))
                        .as("offset %d", offset)
                        .isEqualTo(Batches.bytes(batch));
            }
        }
    }

    private void checkAllTimes(PartitionLog log) {
        for (RecordBatch batch : batches) {
            assertThat(await(log.findTimestamp(batch.maxTimestamp())))
                    .hasValueSatisfying(found -> assertThat(found).isLessThanOrEqualTo(batch.baseOffset()));
        }
    }

    /** Lets every entry name what the next one should. */
    private static void shiftValues(Path index, int entrySize) throws IOException {
        ByteBuffer entries = ByteBuffer.wrap(Files.readAllBytes(index));
        for (int end = entrySize; end < entries.limit(); end += entrySize) {
            entries.putInt(end - Integer.BYTES, entries.getInt(end + entrySize - Integer.BYTES));
        }
        Files.write(index, entries.array());
    }

    @Test
    void anOffsetIndexThatNamesLaterBatchesHidesNone() throws IOException {
        fill();
        for (Path index : files(".index")) {
            shiftValues(index, 8);
        }
        PartitionLog log = open(ID);
        checkAllReads(log);
        // The segment that is written is mended when it is full.
        append(log, Batches.of(log.endOffset(), 1, 7_800, 9_000));
        checkAllReads(log);
        Eventually.holds(() -> KafkaFiles.checkIndexes(logFolder()));
        await(log.close());
    }

    @Test
    void aTimeIndexThatNamesLaterBatchesHidesNone() throws IOException {
        fill();
        for (Path index : files(".timeindex")) {
            shiftValues(index, 12);
        }
        PartitionLog log = open(ID);
        checkAllTimes(log);
        checkAllReads(log);
    }

    @Test
    void indexesThatAreMissingAreMadeAnew() throws IOException {
        fill();
        Map<Path, byte[]> before = new HashMap<>();
        for (Path index : files("index")) {
            // When a background sync comes decides about entries of time indexes; those of offset indexes are always
            // the same.
            if (index.toString().endsWith(".index")) {
                before.put(index, Files.readAllBytes(index));
            }
            Files.delete(index);
        }
        PartitionLog log = open(ID);
        checkAllReads(log);
        checkAllTimes(log);
        Eventually.holds(() -> assertThat(before).isNotEmpty().allSatisfy((index, content) -> assertThat(index)
                .hasBinaryContent(content)));
        await(log.close());
        KafkaFiles.checkIndexes(logFolder());
    }

    /** Nobody waits for an index that is made anew, and a trim that comes first leaves nothing for it to do. */
    @Test
    void indexesAreMadeAnewInTheBackground() throws IOException {
        fill();
        List<Path> indexes = files(".index");
        for (Path index : indexes) {
            Files.delete(index);
        }
        QueuedTasks tasks = new QueuedTasks();
        StorageEngine queued = engine(tasks, folder);
        PartitionLog log = tasks.await(queued.open(ID, 1, configuration()));
        List<LogSegment> segments = log.segments();
        List<CompletionStage<RecordData>> reads = segments.subList(0, 2).stream()
                .map(segment -> log.read(segment.endOffset() - 1, 1, true, Long.MAX_VALUE))
                .toList();
        for (CompletionStage<RecordData> read : reads) {
            try (RecordData data = tasks.await(read)) {
                assertThat(data.sizeInBytes()).isPositive();
            }
        }
        assertThat(files(".index")).doesNotContain(indexes.get(0), indexes.get(1));
        CompletionStage<Void> trim = log.trim(segments.get(0).endOffset());
        tasks.runNewest();
        assertThat(trim.toCompletableFuture()).isDone();
        while (tasks.runNext()) {
            // The indexes of both segments.
        }
        assertThat(files(".index")).doesNotContain(indexes.get(0)).contains(indexes.get(1));
        assertThat(files(".tmp")).isEmpty();
        tasks.await(log.close());
    }

    /** What a damaged header says of its time must not come into an index. */
    @Test
    void noIndexIsMadeFromDamagedBatches() throws IOException {
        fill();
        Path index = files(".index").get(0);
        Files.delete(index);
        Path file = files(".log").get(0);
        byte[] content = Files.readAllBytes(file);
        ByteBuffer.wrap(content).putLong(positionOf(20) + 35, Long.MAX_VALUE);
        Files.write(file, content);
        QueuedTasks tasks = new QueuedTasks();
        StorageEngine queued = engine(tasks, folder);
        PartitionLog log = tasks.await(queued.open(ID, 1, configuration()));
        tasks.await(log.read(log.segments().get(0).endOffset() - 1, 1, true, Long.MAX_VALUE))
                .close();
        while (tasks.runNext()) {
            // The index, if it is made.
        }
        assertThat(index).doesNotExist();
        assertThat(files(".tmp")).isEmpty();
        tasks.await(log.close());
    }

    /** The position of the batch with a number, in the first segment. */
    private int positionOf(int number) {
        return batches.subList(0, number).stream()
                .mapToInt(RecordBatch::sizeInBytes)
                .sum();
    }

    private void overwrite(Path file, int position, int sizeInBytes) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Arrays.fill(content, position, position + sizeInBytes, (byte) 0x55);
        Files.write(file, content);
    }

    @Test
    void aHeaderThatIsNoneIsToldWithFileAndPositionOnceAndHidesNothingElse() throws IOException {
        fill();
        Path file = files(".log").get(0);
        int damaged = 20;
        overwrite(file, positionOf(damaged), RecordBatch.HEADER_SIZE);
        PartitionLog log = open(ID);
        List<String> said = new ArrayList<>();
        Handler listener = listener(said);
        Logger logger = Logger.getLogger(SegmentWalk.class.getName());
        logger.addHandler(listener);
        try {
            int unreadable = 0;
            for (RecordBatch batch : batches) {
                try {
                    assertThat(take(log.read(batch.baseOffset(), 1, true, Long.MAX_VALUE)))
                            .isEqualTo(Batches.bytes(batch));
                } catch (CorruptLogException told) {
                    assertThat(told.error()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
                    assertThat(told)
                            .hasMessageContaining(file.toString())
                            .hasMessageContaining("from position " + positionOf(damaged));
                    assertThat(batch.baseOffset())
                            .isGreaterThanOrEqualTo(batches.get(damaged).baseOffset());
                    unreadable++;
                }
            }
            // No more than lies between two entries of the index.
            assertThat(unreadable).isBetween(1, 5);
        } finally {
            logger.removeHandler(listener);
        }
        assertThat(said).singleElement().asString().contains("from position " + positionOf(damaged) + " to ");
    }

    private static Handler listener(List<String> said) {
        return new Handler() {
            @Override
            public void publish(LogRecord message) {
                said.add(message.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @Test
    void whatLiesBeforeTheDamageIsReadUpToAnyBound() throws IOException {
        fill();
        List<Path> logs = files(".log");
        Path last = logs.get(logs.size() - 1);
        PartitionLog log = open(ID);
        long base = Long.parseLong(last.getFileName().toString().substring(0, 20));
        append(log, Batches.of(log.endOffset(), 2, 10, 9_000));
        List<RecordBatch> inLast =
                batches.stream().filter(batch -> batch.baseOffset() >= base).toList();
        int position =
                inLast.subList(0, 3).stream().mapToInt(RecordBatch::sizeInBytes).sum();
        overwrite(last, position, RecordBatch.HEADER_SIZE);
        byte[] read = take(log.read(base, 1 << 20, true, log.endOffset() - 1));
        byte[] sound = concatenated(inLast.subList(0, 3).toArray(RecordBatch[]::new));
        assertThat(Arrays.copyOf(read, sound.length)).isEqualTo(sound);
    }

    /** A search by time goes by headers: one that lies must not hide the record that is looked for, nor name one that is too early. */
    @Test
    void aSearchByTimeIsRightOrTellsTheDamage() throws IOException {
        fill();
        Path file = files(".log").get(0);
        byte[] sound = Files.readAllBytes(file);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int told = 0;
        for (int round = 0; round < 60; round++) {
            int damaged = random.nextInt(30);
            // The checksum covers neither base offset nor leader epoch.
            int at = positionOf(damaged)
                    + 16
                    + random.nextInt(batches.get(damaged).sizeInBytes() - 16);
            byte[] content = sound.clone();
            content[at] ^= (byte) (1 + random.nextInt(255));
            Files.write(file, content);
            PartitionLog log = open(ID);
            for (RecordBatch batch : batches) {
                String where = "seed " + seed + ", position " + at + ", time " + batch.maxTimestamp();
                try {
                    assertThat(await(log.findTimestamp(batch.maxTimestamp() - 3)))
                            .as(where)
                            .hasValue(batch.baseOffset());
                } catch (CorruptLogException damage) {
                    assertThat(damage)
                            .as(where)
                            .hasMessageContaining(file.toString())
                            .hasMessageContaining("position " + positionOf(damaged));
                    told++;
                }
            }
            await(log.close());
        }
        // No more than lies between two entries of the time index; and no damage is passed over.
        assertThat(told).isBetween(60, 5 * 60);
        Files.write(file, sound);
        checkAllTimes(open(ID));
    }

    @Test
    void offsetsThatGoBackAreDamage() throws IOException {
        fill();
        Path file = files(".log").get(0);
        byte[] content = Files.readAllBytes(file);
        ByteBuffer.wrap(content).putLong(positionOf(21), 3);
        Files.write(file, content);
        PartitionLog log = open(ID);
        assertThatThrownBy(() -> take(log.read(batches.get(21).baseOffset(), 1, true, Long.MAX_VALUE)))
                .isInstanceOf(CorruptLogException.class);
    }

    /** With background work that waits for the test. */
    private static StorageEngine engine(QueuedTasks tasks, Path folder) {
        return new LogStorageEngine(
                new QueuedContext(tasks, folder, () -> 0),
                FileOperations.SYSTEM,
                any -> tasks,
                () -> {},
                JournalSettings.of(0),
                () -> 0);
    }
}
