package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.files.FaultyFileSystem;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One log through several crashes, with faults in between. It keeps its own account of what must be there:
 *
 * <ul>
 *   <li>what a sync answered for is there, byte for byte, after any crash;
 *   <li>what was appended behind that may be there, as the beginning of what was appended and in its order;
 *   <li>nothing else is there, and nothing twice;
 *   <li>the start offset is the last one that a trim answered for, or one that a trim failed with;
 *   <li>a checkpoint is the old one or the new one;
 *   <li>after a write or a sync that failed nothing is appended or synced until the log is opened anew.
 * </ul>
 */
final class FaultHistory {

    private static final LogId ID = new LogId(new UUID(9, 9), "orders", 0);
    private static final String CHECKPOINT = "note";
    private static final int LIVES = 4;

    private final Random random;
    private final int blockSize;
    private final TextConfiguration configuration;
    private final List<String> story = new ArrayList<>();

    private FaultyFileSystem files = new FaultyFileSystem();
    private QueuedTasks tasks = new QueuedTasks();
    private StorageEngine engine;
    private PartitionLog log;
    private int batchCount;
    private int leaderEpoch = 1;

    /** What may be there, in its order; what is synced comes first. */
    private final List<RecordBatch> batches = new ArrayList<>();

    private long syncedOffset;
    private long startOffset;

    /** A start offset that may be in force, since nobody knows how its trim ended. */
    private long possibleStart;

    private @Nullable Byte checkpoint;
    private @Nullable Byte possibleCheckpoint;

    FaultHistory(long seed) {
        random = new Random(seed);
        blockSize = random.nextBoolean() ? 4096 : 512;
        configuration = new TextConfiguration(Map.of(
                "segment.bytes",
                Integer.toString(1_000 + random.nextInt(12_000)),
                "index.interval.bytes",
                Integer.toString(100 + random.nextInt(400))));
    }

    /** What happened so far, a line a step. */
    String story() {
        return String.join("\n", story);
    }

    void play() {
        open();
        for (int life = 0; life < LIVES; life++) {
            for (int steps = random.nextInt(50); steps > 0; steps--) {
                step();
            }
            switch (random.nextInt(4)) {
                case 0 -> kill();
                case 1 -> crashInTheMiddle();
                default -> crash();
            }
        }
    }

    private void tell(String event) {
        story.add(event);
    }

    private void open() {
        tasks = new QueuedTasks();
        engine = engine(tasks);
        openLog();
    }

    private StorageEngine engine(QueuedTasks work) {
        return new LogStorageEngine(new Context(work, files.root()), FileOperations.SYSTEM, work, () -> {});
    }

    private void openLog() {
        leaderEpoch += random.nextInt(2);
        log = tasks.await(engine.open(ID, leaderEpoch, configuration));
        tell("opened under " + leaderEpoch + ": " + log.startOffset() + " to " + log.endOffset());
        check();
        // As the core does before it shows anybody what it found.
        tasks.await(log.sync());
        syncedOffset = log.endOffset();
    }

    /** The process is gone, the operating system is not: what it wrote is there, synced or not. */
    private void kill() {
        tell("killed");
        open();
    }

    private void crash() {
        tell("crash");
        files = files.crash(random, blockSize, FaultHistory::mayFlip);
        while (random.nextInt(3) == 0) {
            crashWhileOpening();
        }
        open();
    }

    private void planCrash(int mostChanges) {
        files.crashAfter(random.nextInt(mostChanges), random, blockSize, FaultHistory::mayFlip);
    }

    private void goOnAfterCrash(String when) {
        Optional<FaultyFileSystem> left = files.takeCrash();
        tell(left.isPresent() ? "crash while " + when : "no crash while " + when);
        left.ifPresent(after -> files = after);
    }

    private void crashWhileOpening() {
        planCrash(30);
        QueuedTasks own = new QueuedTasks();
        StorageEngine first = engine(own);
        own.await(own.await(first.open(ID, leaderEpoch, configuration)).sync());
        goOnAfterCrash("opening");
    }

    /** What is under way happens or does not. */
    private void crashInTheMiddle() {
        planCrash(12);
        switch (random.nextInt(4)) {
            case 0 -> {
                possibleStart = anyOffset();
                tasks.await(log.trim(possibleStart));
                goOnAfterCrash("trimming to " + possibleStart);
            }
            case 1 -> {
                long end = anyOffset();
                syncedOffset = endOfSyncedBefore(end);
                tasks.await(log.truncate(end));
                goOnAfterCrash("truncating to " + end);
            }
            case 2 -> {
                tasks.await(log.close());
                goOnAfterCrash("closing");
            }
            default -> {
                append();
                tasks.await(log.sync());
                goOnAfterCrash("syncing");
            }
        }
        open();
    }

    /** Base offset and leader epoch no checksum watches over; a wrong bit there may pass, in Kafka as here. */
    private static boolean mayFlip(String fileName, byte[] content, int at) {
        if (!fileName.endsWith(".log")) {
            return !fileName.equals(CHECKPOINT);
        }
        ByteBuffer bytes = ByteBuffer.wrap(content);
        int start = 0;
        while (start + 12 <= content.length && start + bytes.getInt(start + 8) + 12 <= at) {
            start += bytes.getInt(start + 8) + 12;
        }
        int within = at - start;
        return within >= 8 && (within < 12 || within >= 16);
    }

    private long endOfSyncedBefore(long end) {
        return batches.stream()
                .mapToLong(RecordBatch::nextOffset)
                .filter(next -> next <= Math.min(end, syncedOffset))
                .max()
                .orElse(startOffset);
    }

    private void step() {
        switch (random.nextInt(24)) {
            case 0, 1, 2 -> sync();
            case 3 -> trim();
            case 4 -> truncate();
            case 5, 6 -> tasks.runNext();
            case 7 -> reopen();
            case 8 -> writeCheckpoint();
            case 9 -> fullDevice();
            case 10 -> failingSync();
            case 11 -> check();
            default -> append();
        }
    }

    private void append() {
        RecordBatch batch = nextBatch();
        tasks.await(log.append(batch));
        batches.add(batch);
        tell("appended " + batch.baseOffset() + " to " + batch.lastOffset() + ", " + batch.sizeInBytes() + " bytes");
    }

    private RecordBatch nextBatch() {
        long gap = random.nextInt(10) == 0 ? random.nextInt(20) : 0;
        return Batches.of(log.endOffset() + gap, 1 + random.nextInt(4), random.nextInt(300), 1_000 + 7L * ++batchCount);
    }

    private void sync() {
        tasks.await(log.sync());
        syncedOffset = log.endOffset();
        tell("synced to " + syncedOffset);
    }

    private long anyOffset() {
        return log.startOffset() + random.nextInt((int) (log.endOffset() - log.startOffset() + 1));
    }

    private void trim() {
        long start = anyOffset();
        tasks.await(log.trim(start));
        trimmed(start);
        tell("trimmed to " + start);
    }

    private void trimmed(long start) {
        startOffset = start;
        possibleStart = start;
        syncedOffset = Math.max(syncedOffset, start);
        batches.removeIf(batch -> batch.lastOffset() < start);
    }

    private void truncate() {
        long end = anyOffset();
        boolean shortens = end < log.endOffset();
        tasks.await(log.truncate(end));
        batches.removeIf(batch -> batch.lastOffset() >= end);
        if (shortens) {
            // A truncation has a sync of its own.
            syncedOffset = end;
        }
        tell("truncated to " + end);
    }

    private void reopen() {
        tell("closed");
        tasks.await(log.close());
        syncedOffset = log.endOffset();
        openLog();
    }

    private void writeCheckpoint() {
        byte value = (byte) random.nextInt();
        tasks.await(log.writeCheckpoint(CHECKPOINT, Bytes.copyOf(new byte[] {value, value})));
        checkpoint = value;
        possibleCheckpoint = value;
        tell("checkpoint " + value);
    }

    /** Something that fails, and whatever is tried next. */
    private void fullDevice() {
        files.setFreeBytes(random.nextInt(2_000));
        tell("the device is nearly full");
        boolean failed = false;
        for (int i = random.nextInt(12); i >= 0 && !failed; i--) {
            failed = switch (random.nextInt(8)) {
                case 0 -> failsToSync();
                case 1 -> failsToTrim();
                case 2 -> failsToWriteCheckpoint();
                case 3 -> !tasks.runNext() && failsToSync();
                default -> failsToAppend();
            };
        }
        files.setFreeBytes(Long.MAX_VALUE);
        tell("the device has room");
        leaveFailed();
    }

    private void failingSync() {
        append();
        files.failNextForce();
        tell("the next sync fails");
        failsToSync();
        leaveFailed();
    }

    private boolean failsToAppend() {
        RecordBatch batch = nextBatch();
        if (fails(log.append(batch))) {
            tell("append failed at " + batch.baseOffset());
            return true;
        }
        batches.add(batch);
        return false;
    }

    private boolean failsToSync() {
        long appended = log.endOffset();
        if (fails(log.sync())) {
            tell("sync failed");
            return true;
        }
        syncedOffset = appended;
        return false;
    }

    private boolean failsToTrim() {
        long start = anyOffset();
        if (fails(log.trim(start))) {
            possibleStart = Math.max(possibleStart, start);
            tell("trim to " + start + " failed");
            return true;
        }
        trimmed(start);
        return false;
    }

    private boolean failsToWriteCheckpoint() {
        byte value = (byte) random.nextInt();
        if (fails(log.writeCheckpoint(CHECKPOINT, Bytes.copyOf(new byte[] {value, value})))) {
            possibleCheckpoint = value;
            return false;
        }
        checkpoint = value;
        possibleCheckpoint = value;
        return false;
    }

    private boolean fails(CompletionStage<Void> stage) {
        try {
            tasks.await(stage);
            return false;
        } catch (StorageException failure) {
            return true;
        }
    }

    /** Whoever fails stays so, though the device is well again: nothing is tried in silence. Then the log is opened anew, in this life or the next. */
    private void leaveFailed() {
        CompletableFuture<Void> later = log.sync().toCompletableFuture();
        boolean isWritable = later.isDone() ? !later.isCompletedExceptionally() : !fails(later);
        if (!isWritable) {
            assertThat(fails(log.sync())).as("a sync after a failure fails").isTrue();
            assertThat(fails(log.append(nextBatch())))
                    .as("an append after a failure fails")
                    .isTrue();
        } else {
            syncedOffset = log.endOffset();
        }
        if (random.nextInt(3) > 0) {
            tell("closed and opened again");
            fails(log.close());
            openLog();
        } else if (random.nextBoolean()) {
            kill();
        } else {
            crash();
        }
    }

    private void check() {
        checkBounds();
        List<byte[]> found = readAll();
        List<RecordBatch> expected = batches.stream()
                .filter(batch -> batch.lastOffset() >= log.startOffset())
                .toList();
        assertThat(found.size()).as("batches").isLessThanOrEqualTo(expected.size());
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).as("batch %d", i).isEqualTo(Batches.bytes(expected.get(i)));
        }
        for (RecordBatch lost : expected.subList(found.size(), expected.size())) {
            assertThat(lost.lastOffset()).as("lost").isGreaterThanOrEqualTo(syncedOffset);
            assertThat(lost.lastOffset()).as("end offset").isGreaterThanOrEqualTo(log.endOffset());
        }
        batches.clear();
        batches.addAll(expected.subList(0, found.size()));
        checkRead();
        if (!batches.isEmpty()) {
            RecordBatch last = batches.get(batches.size() - 1);
            assertThat(tasks.await(log.findTimestamp(last.maxTimestamp())))
                    .as("the latest timestamp")
                    .isPresent();
        }
        checkCheckpoint();
    }

    /** Somewhere in the middle, where the index leads. */
    private void checkRead() {
        long offset = anyOffset();
        Optional<RecordBatch> first =
                batches.stream().filter(batch -> batch.lastOffset() >= offset).findFirst();
        try (RecordData data = tasks.await(log.read(offset, 1, true, Long.MAX_VALUE))) {
            byte[] read = new byte[data.sizeInBytes()];
            data.toBuffer().get(read);
            assertThat(read)
                    .as("at %d", offset)
                    .isEqualTo(first.map(Batches::bytes).orElse(new byte[0]));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void checkBounds() {
        assertThat(log.startOffset()).as("start offset").isIn(startOffset, possibleStart);
        trimmed(log.startOffset());
        assertThat(log.endOffset()).as("end offset").isGreaterThanOrEqualTo(syncedOffset);
    }

    private void checkCheckpoint() {
        Optional<Bytes> kept = tasks.await(log.readCheckpoint(CHECKPOINT));
        if (kept.isEmpty()) {
            assertThat(checkpoint).as("checkpoint").isNull();
            return;
        }
        byte[] bytes = kept.orElseThrow().toArray();
        assertThat(bytes).as("checkpoint").hasSize(2);
        assertThat(bytes[0]).as("checkpoint").isEqualTo(bytes[1]);
        assertThat(bytes[0]).as("checkpoint").isIn(checkpoint, possibleCheckpoint);
        checkpoint = bytes[0];
        possibleCheckpoint = checkpoint;
    }

    private List<byte[]> readAll() {
        List<byte[]> all = new ArrayList<>();
        long offset = log.startOffset();
        while (true) {
            try (RecordData data = tasks.await(log.read(offset, 1 << 20, true, Long.MAX_VALUE))) {
                if (data.sizeInBytes() == 0) {
                    return all;
                }
                for (RecordBatch batch : RecordBatches.complete(data.toBuffer())) {
                    all.add(Batches.bytes(batch));
                    offset = batch.nextOffset();
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** A broker without threads. */
    /** With background work that waits for the test. */
    record Context(Scheduler scheduler, Path folder) implements StorageContext {

        @Override
        public BrokerConfiguration configuration() {
            return new TextConfiguration(Map.of());
        }

        @Override
        public List<Path> dataFolders() {
            return List.of(folder);
        }

        @Override
        public void requireUsable(Path dataFolder) {}

        @Override
        public Clock clock() {
            return new Clock() {
                @Override
                public long millis() {
                    return 1_000;
                }

                @Override
                public long nanos() {
                    return 0;
                }
            };
        }

        @Override
        public Metrics metrics() {
            try (StorageFixture fixture = new StorageFixture(List.of(), Map.of())) {
                return fixture.metrics();
            }
        }
    }
}
