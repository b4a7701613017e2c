package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One log of a {@link FaultHistory}, and the account of what must be there:
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
final class AccountedLog {

    static final String CHECKPOINT = "note";

    private final LogId id;
    private final Random random;
    private final TextConfiguration configuration;
    private final List<String> story;

    private StorageEngine engine;
    private QueuedTasks tasks;
    private PartitionLog log;
    private int batchCount;
    private int leaderEpoch = 1;

    /** What may be there, in its order; what is synced comes first. */
    private final List<RecordBatch> batches = new ArrayList<>();

    private long syncedOffset;
    private long startOffset;

    /** A start offset that may be in force, since nobody knows how its trim ended. */
    private long possibleStart;

    /** What may be there instead of {@link #batches}, since nobody knows how a replacement ended. */
    private @Nullable List<RecordBatch> replaced;

    private @Nullable Byte checkpoint;
    private @Nullable Byte possibleCheckpoint;

    AccountedLog(int partition, Random random, TextConfiguration configuration, List<String> story) {
        this.id = new LogId(new UUID(9, 9), "orders", partition);
        this.random = random;
        this.configuration = configuration;
        this.story = story;
    }

    private void tell(String event) {
        story.add(id + ": " + event);
    }

    private <T> T await(CompletionStage<T> stage) {
        return tasks.await(stage);
    }

    /** Opens the log and looks whether all is there. */
    void open(StorageEngine engine, QueuedTasks tasks) {
        this.engine = engine;
        this.tasks = tasks;
        leaderEpoch += random.nextInt(2);
        log = await(engine.open(id, leaderEpoch, configuration));
        tell("opened under " + leaderEpoch + ": " + log.startOffset() + " to " + log.endOffset());
        check();
        // As the core does before it shows anybody what it found.
        await(log.sync());
        syncedOffset = log.endOffset();
    }

    /** Opens the log and looks at nothing, since the power is lost meanwhile. */
    void openInVain(StorageEngine first, QueuedTasks own) {
        own.await(own.await(first.open(id, leaderEpoch, configuration)).sync());
    }

    /** Does something that the loss of power interrupts, and gives its name. */
    String beginLast() {
        switch (random.nextInt(5)) {
            case 3 -> {
                replaced = replace();
                return "replacing";
            }
            case 0 -> {
                possibleStart = anyOffset();
                await(log.trim(possibleStart));
                return "trimming to " + possibleStart;
            }
            case 1 -> {
                long end = anyOffset();
                syncedOffset = endOfSyncedBefore(end);
                await(log.truncate(end));
                return "truncating to " + end;
            }
            case 2 -> {
                await(log.close());
                return "closing";
            }
            default -> {
                append();
                await(log.sync());
                return "syncing";
            }
        }
    }

    long endOfSyncedBefore(long end) {
        return batches.stream()
                .mapToLong(RecordBatch::nextOffset)
                .filter(next -> next <= Math.min(end, syncedOffset))
                .max()
                .orElse(startOffset);
    }

    void append() {
        RecordBatch batch = nextBatch();
        await(log.append(batch));
        batches.add(batch);
        tell("appended " + batch.baseOffset() + " to " + batch.lastOffset() + ", " + batch.sizeInBytes() + " bytes");
    }

    private RecordBatch nextBatch() {
        long gap = random.nextInt(10) == 0 ? random.nextInt(20) : 0;
        return Batches.of(log.endOffset() + gap, 1 + random.nextInt(4), random.nextInt(300), 1_000 + 7L * ++batchCount);
    }

    void sync() {
        await(log.sync());
        noteSynced();
    }

    CompletionStage<Void> beginSync() {
        return log.sync();
    }

    /** The last {@link #beginSync} was answered, and nothing was appended since. */
    void noteSynced() {
        syncedOffset = log.endOffset();
        tell("synced to " + syncedOffset);
    }

    private long anyOffset() {
        return log.startOffset() + random.nextInt((int) (log.endOffset() - log.startOffset() + 1));
    }

    void trim() {
        long start = anyOffset();
        await(log.trim(start));
        trimmed(start);
        tell("trimmed to " + start);
    }

    private void trimmed(long start) {
        startOffset = start;
        possibleStart = start;
        syncedOffset = Math.max(syncedOffset, start);
        batches.removeIf(batch -> batch.lastOffset() < start);
    }

    void truncate() {
        long end = anyOffset();
        boolean shortens = end < log.endOffset();
        await(log.truncate(end));
        batches.removeIf(batch -> batch.lastOffset() >= end);
        if (shortens) {
            // A truncation has a sync of its own.
            syncedOffset = end;
        }
        tell("truncated to " + end);
    }

    /** Takes some batches out of finished segments. */
    void compact() {
        List<RecordBatch> left = replace();
        batches.clear();
        batches.addAll(left);
        tell(left.size() + " batches left");
    }

    /** Gives the batches that are left, as soon as that has happened. */
    private List<RecordBatch> replace() {
        List<LogSegment> segments = log.segments();
        if (segments.size() == 1) {
            return List.copyOf(batches);
        }
        int first = random.nextInt(segments.size() - 1);
        int last = Math.min(first + random.nextInt(3), segments.size() - 2);
        long base = segments.get(first).baseOffset();
        long end = segments.get(last).endOffset();
        List<RecordBatch> left = new ArrayList<>(batches);
        left.removeIf(batch -> batch.baseOffset() >= base && batch.baseOffset() < end && random.nextBoolean());
        ReplaceableLog.Replacement replacement = await(((ReplaceableLog) log).replace(base, end));
        for (RecordBatch batch : left) {
            if (batch.baseOffset() >= base && batch.baseOffset() < end) {
                await(replacement.append(batch));
            }
        }
        await(replacement.commit());
        tell("replaced " + base + " to " + end);
        return left;
    }

    void reopen() {
        tell("closed");
        close();
        open(engine, tasks);
    }

    void writeCheckpoint() {
        byte value = (byte) random.nextInt();
        await(log.writeCheckpoint(CHECKPOINT, Bytes.copyOf(new byte[] {value, value})));
        checkpoint = value;
        possibleCheckpoint = value;
        tell("checkpoint " + value);
    }

    boolean failsToAppend() {
        RecordBatch batch = nextBatch();
        if (fails(log.append(batch))) {
            tell("append failed at " + batch.baseOffset());
            return true;
        }
        batches.add(batch);
        return false;
    }

    boolean failsToSync() {
        long appended = log.endOffset();
        if (fails(log.sync())) {
            tell("sync failed");
            return true;
        }
        syncedOffset = appended;
        return false;
    }

    boolean failsToTrim() {
        long start = anyOffset();
        if (fails(log.trim(start))) {
            possibleStart = Math.max(possibleStart, start);
            tell("trim to " + start + " failed");
            return true;
        }
        trimmed(start);
        return false;
    }

    boolean failsToWriteCheckpoint() {
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
            await(stage);
            return false;
        } catch (StorageException failure) {
            return true;
        }
    }

    void check() {
        checkBounds();
        List<byte[]> found = readAll();
        decideReplacement(found);
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
            assertThat(await(log.findTimestamp(last.maxTimestamp())))
                    .as("the latest timestamp")
                    .isPresent();
        }
        checkCheckpoint();
    }

    /** A replacement happens as a whole or not at all: the first batch that it takes out tells which. */
    private void decideReplacement(List<byte[]> found) {
        List<RecordBatch> left = replaced;
        replaced = null;
        if (left != null) {
            Optional<RecordBatch> gone = batches.stream()
                    .filter(batch -> batch.lastOffset() >= log.startOffset() && !left.contains(batch))
                    .findFirst();
            if (gone.isPresent()
                    && found.stream().noneMatch(bytes -> Arrays.equals(bytes, Batches.bytes(gone.get())))) {
                batches.retainAll(left);
            }
        }
    }

    /** Somewhere in the middle, where the index leads. */
    private void checkRead() {
        long offset = anyOffset();
        Optional<RecordBatch> first =
                batches.stream().filter(batch -> batch.lastOffset() >= offset).findFirst();
        try (RecordData data = await(log.read(offset, 1, true, Long.MAX_VALUE))) {
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
        Optional<Bytes> kept = await(log.readCheckpoint(CHECKPOINT));
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
            try (RecordData data = await(log.read(offset, 1 << 20, true, Long.MAX_VALUE))) {
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

    /** Whoever fails stays so, though the device is well again: nothing is tried in silence. Gives whether it has failed. */
    boolean hasFailed() {
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
        return !isWritable;
    }

    void close() {
        await(log.close());
        syncedOffset = log.endOffset();
    }

    void closeAndOpen() {
        tell("closed and opened again");
        fails(log.close());
        open(engine, tasks);
    }
}
