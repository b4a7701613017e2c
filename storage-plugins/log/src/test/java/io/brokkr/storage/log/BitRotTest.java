package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageContract;
import io.brokkr.testkit.time.VirtualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Bits that fell over on the device, in batches whose headers look right: nobody is sent such a batch, and all others are read. */
class BitRotTest extends StorageContract {

    private static final LogId ID = id("orders");
    private static final int BATCHES = 100;

    /** Neither base offset nor leader epoch are covered by the checksum. */
    private static final int CHECKED_FROM = 16;

    private final List<RecordBatch> batches = new ArrayList<>();

    @Override
    protected StorageEngineFactory factory() {
        return new LogStorageEngineFactory();
    }

    @Override
    protected Map<String, String> topicSettings() {
        return Map.of("segment.bytes", "4000", "index.interval.bytes", "250");
    }

    private void fill(PartitionLog log) {
        for (int i = 0; i < BATCHES; i++) {
            RecordBatch batch = Batches.of(log.endOffset(), 2, 10, 1_000 + 10 * i);
            append(log, batch);
            batches.add(batch);
        }
    }

    private Path firstFile() {
        return folder.resolve("orders-0").resolve(Segment.nameOf(0) + Segment.LOG_SUFFIX);
    }

    /** The position of the batch with a number, in the first segment. */
    private int positionOf(int number) {
        return batches.subList(0, number).stream()
                .mapToInt(RecordBatch::sizeInBytes)
                .sum();
    }

    private void turnOver(byte[] sound, int at, int bits) throws IOException {
        byte[] rotten = sound.clone();
        rotten[at] ^= (byte) bits;
        Files.write(firstFile(), rotten);
    }

    @Test
    void nobodyIsSentABatchThatChanged() throws IOException {
        PartitionLog filled = open(ID);
        fill(filled);
        await(filled.close());
        byte[] sound = Files.readAllBytes(firstFile());
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int rounds = 60;
        int told = 0;
        for (int round = 0; round < rounds; round++) {
            int damaged = random.nextInt(30);
            int at = positionOf(damaged)
                    + CHECKED_FROM
                    + random.nextInt(batches.get(damaged).sizeInBytes() - CHECKED_FROM);
            turnOver(sound, at, 1 + random.nextInt(255));
            PartitionLog log = open(ID);
            for (int i = 0; i < BATCHES; i++) {
                String where = "seed " + seed + ", position " + at + ", batch " + i + ", damaged " + damaged;
                int maxBytes = random.nextBoolean() ? 1 : 1 + random.nextInt(1_000);
                try {
                    byte[] read = take(log.read(batches.get(i).baseOffset(), maxBytes, true, Long.MAX_VALUE));
                    assertThat(read).as(where).startsWith(Batches.bytes(batches.get(i)));
                    if (i <= damaged) {
                        assertThat(read.length).as(where).isLessThanOrEqualTo(positionOf(damaged) - positionOf(i));
                    }
                } catch (CorruptLogException damage) {
                    assertThat(i).as(where).isGreaterThanOrEqualTo(damaged);
                    assertThat(damage.error()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
                    assertThat(damage)
                            .as(where)
                            .hasMessageContaining(firstFile().toString())
                            .hasMessageContaining("position " + positionOf(damaged));
                    told++;
                }
            }
            await(log.close());
        }
        // In a header, what lies up to the next entry of the index may be hidden too; and no damage is passed over.
        assertThat(told).isBetween(rounds, 5 * rounds);
    }

    @Test
    void itIsReportedOnceWithPlaceAndExtent() throws IOException {
        PartitionLog filled = open(ID);
        fill(filled);
        await(filled.close());
        RecordBatch damaged = batches.get(7);
        turnOver(Files.readAllBytes(firstFile()), positionOf(8) - 1, 1);
        List<String> said = new ArrayList<>();
        Handler listener = new Listener(said);
        Logger logger = Logger.getLogger(SegmentWalk.class.getName());
        logger.addHandler(listener);
        try {
            PartitionLog log = open(ID);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> take(log.read(damaged.baseOffset(), 1, true, Long.MAX_VALUE)))
                        .isInstanceOf(CorruptLogException.class);
            }
        } finally {
            logger.removeHandler(listener);
        }
        assertThat(said)
                .singleElement()
                .asString()
                .contains(
                        firstFile().toString(),
                        damaged.sizeInBytes() + " bytes at position " + positionOf(7),
                        "offsets " + damaged.baseOffset() + " to " + damaged.lastOffset());
    }

    /** What a broker has written itself, it looks at again when it has lain on the device for a while, and not on the thread that asks. */
    @Test
    void whatLayOnTheDeviceForLongIsCheckedByAThreadThatMayWait() throws IOException {
        VirtualClock clock = new VirtualClock();
        QueuedTasks tasks = new QueuedTasks();
        Path other = Files.createDirectory(folder.resolve("queued"));
        try (StorageEngine queued = new LogStorageEngine(
                new QueuedContext(tasks, other, clock),
                FileOperations.SYSTEM,
                any -> tasks,
                () -> {},
                JournalSettings.of(0),
                () -> 0)) {
            PartitionLog log = tasks.await(queued.open(ID, 1, configuration()));
            fill(log);
            long offset = batches.get(BATCHES - 3).baseOffset();
            assertThat(isAnsweredAtOnce(log, offset, tasks)).isTrue();
            clock.advance(Duration.ofNanos(CheckedRanges.KNOWN_FOR_NANOS));
            assertThat(isAnsweredAtOnce(log, offset, tasks)).isFalse();
            assertThat(isAnsweredAtOnce(log, offset, tasks)).isTrue();
            Path last = other.resolve("orders-0")
                    .resolve(Segment.nameOf(log.segments()
                                    .get(log.segments().size() - 1)
                                    .baseOffset())
                            + Segment.LOG_SUFFIX);
            byte[] content = Files.readAllBytes(last);
            content[content.length - 1] ^= 1;
            Files.write(last, content);
            clock.advance(Duration.ofNanos(CheckedRanges.KNOWN_FOR_NANOS));
            assertThatThrownBy(() -> tasks.await(log.read(log.endOffset() - 1, 1, true, Long.MAX_VALUE)))
                    .isInstanceOf(CorruptLogException.class);
            tasks.await(log.close());
        }
    }

    private static boolean isAnsweredAtOnce(PartitionLog log, long offset, QueuedTasks tasks) {
        CompletionStage<RecordData> read = log.read(offset, 1 << 20, true, Long.MAX_VALUE);
        boolean atOnce = read.toCompletableFuture().isDone();
        try (RecordData data = tasks.await(read)) {
            assertThat(data.sizeInBytes()).isPositive();
        }
        return atOnce;
    }

    private static final class Listener extends Handler {

        private final List<String> said;

        Listener(List<String> said) {
            this.said = said;
        }

        @Override
        public void publish(LogRecord message) {
            if (message.getLevel().equals(Level.SEVERE)) {
                said.add(message.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
