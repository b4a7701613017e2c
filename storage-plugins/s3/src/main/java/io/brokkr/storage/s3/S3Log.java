package io.brokkr.storage.s3;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.OffsetOutOfRangeException;
import io.brokkr.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A log as all of its openers in this process share it, from when it is loaded until it fails or nobody has it open any more. Its monitor guards what is in memory; methods that say so are
 * called in the log's turns, and wait for the store.
 */
final class S3Log {

    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private final LogKeys keys;
    private final LogEnvironment environment;
    private final Turns turns;
    private final LogOwner owner;
    private final DataFolder folder;
    private final LogMerge merge;
    private final LogNotes notes;
    private final StoredObjects objects = new StoredObjects();
    private final Tail tail;
    private final SyncWaiters waiters = new SyncWaiters();
    private final Leftovers leftovers;
    private long startOffset;
    private int openers;
    private boolean uploadRequested;
    private boolean uploadTimed;

    /** Truncations that were asked for and are not done, and the appends behind them. */
    private int changesInTurn;

    private @Nullable StorageException failure;
    private @Nullable String ended;

    S3Log(LogKeys keys, LogEnvironment environment, Turns turns, LogOwner owner, List<DataObject> stored) {
        this.keys = keys;
        this.environment = environment;
        this.turns = turns;
        this.owner = owner;
        this.folder = new DataFolder(keys, environment.store(), environment.cache(), owner);
        this.merge = new LogMerge(this, folder, environment);
        this.notes = new LogNotes(keys, environment, owner);
        this.leftovers = new Leftovers(keys.id(), folder);
        stored.forEach(objects::add);
        startOffset = owner.content().startOffset();
        tail = new Tail(
                stored.isEmpty() ? startOffset : stored.get(stored.size() - 1).endOffset());
    }

    LogId id() {
        return keys.id();
    }

    LogOwner owner() {
        return owner;
    }

    LogNotes notes() {
        return notes;
    }

    Leftovers leftovers() {
        return leftovers;
    }

    /** With the monitor. */
    StoredObjects objects() {
        return objects;
    }

    /** With the monitor. */
    Tail tail() {
        return tail;
    }

    synchronized long startOffset() {
        return startOffset;
    }

    synchronized long endOffset() {
        return tail.endOffset();
    }

    synchronized long sizeInBytes() {
        return objects.sizeInBytes() + tail.sizeInBytes();
    }

    /** What waits for the store is one, the last. */
    synchronized List<LogSegment> segments() {
        List<LogSegment> segments = objects.segments();
        if (!tail.isEmpty() || segments.isEmpty()) {
            segments.add(new LogSegment(tail.baseOffset(), tail.endOffset(), tail.sizeInBytes(), tail.maxTimestamp()));
        }
        return segments;
    }

    /** Lets somebody in, and shuts out those of lower epochs. In turn. */
    void enter(int leaderEpoch) {
        owner.fence(leaderEpoch);
        openers++;
    }

    /** Whether that was the last one. In turn. */
    boolean leave() {
        openers--;
        return openers == 0;
    }

    synchronized void requireUsable() {
        if (ended != null) {
            throw new StorageException("the log " + id() + " " + ended);
        }
    }

    synchronized boolean isWritable() {
        return failure == null && ended == null;
    }

    private synchronized void requireUnfailed() {
        requireUsable();
        if (failure instanceof LogFencedException) {
            throw new LogFencedException(failure.getMessage(), failure);
        }
        if (failure != null) {
            throw new StorageException(
                    "the log " + id() + " takes no writes, until it is opened again, since the store has failed: "
                            + failure.getMessage(),
                    failure);
        }
    }

    private void requireWritable(int leaderEpoch) {
        requireUnfailed();
        owner.requireNotFenced(leaderEpoch);
    }

    /** With the monitor. */
    void requireReadable(long offset) {
        requireUsable();
        if (offset < startOffset) {
            throw new OffsetOutOfRangeException("the log " + id() + " starts at " + startOffset + ", not at " + offset);
        }
    }

    /** There is no more use of it at all. In turn. */
    void end(String why) {
        List<CompletableFuture<Void>> late = new ArrayList<>();
        merge.alone(() -> {
            synchronized (this) {
                ended = ended == null ? why : ended;
                environment.buffered().addAndGet(-tail.sizeInBytes());
                tail.truncate(tail.baseOffset());
                late.addAll(waiters.takeAll());
            }
        });
        late.forEach(waiter -> waiter.completeExceptionally(new StorageException("the log " + id() + " " + why)));
    }

    /** There is no more writing. */
    void fail(StorageException why) {
        List<CompletableFuture<Void>> failed;
        synchronized (this) {
            failure = failure == null ? why : failure;
            failed = waiters.takeAll();
        }
        failed.forEach(waiter -> waiter.completeExceptionally(why));
    }

    /** At once, unless a truncation comes first or there is too much in memory. */
    CompletionStage<Void> append(int leaderEpoch, RecordBatch batch) {
        synchronized (this) {
            if (changesInTurn == 0) {
                return appendNow(leaderEpoch, batch);
            }
            changesInTurn++;
        }
        return changeInTurn(() -> appendNow(leaderEpoch, batch)).thenCompose(Function.identity());
    }

    private synchronized CompletionStage<Void> appendNow(int leaderEpoch, RecordBatch batch) {
        requireWritable(leaderEpoch);
        if (batch.baseOffset() < tail.endOffset()) {
            throw new IllegalArgumentException("the log " + id() + " ends at " + tail.endOffset() + ", a batch at "
                    + batch.baseOffset() + " comes too late");
        }
        tail.add(copy(batch));
        if (tail.sizeInBytes() >= environment.settings().uploadBytes()) {
            requestUpload();
        } else if (!uploadTimed) {
            uploadTimed = true;
            environment.scheduler().schedule(environment.settings().uploadDelay(), this::uploadInTime);
        }
        long buffered = environment.buffered().addAndGet(batch.sizeInBytes());
        return buffered > environment.settings().bufferBytes() ? waitForStore() : DONE;
    }

    private static RecordBatch copy(RecordBatch batch) {
        byte[] copy = new byte[batch.sizeInBytes()];
        batch.buffer().get(copy);
        return RecordBatch.of(ByteBuffer.wrap(copy).asReadOnlyBuffer());
    }

    private synchronized void uploadInTime() {
        uploadTimed = false;
        if (!tail.isEmpty()) {
            requestUpload();
        }
    }

    private synchronized void requestUpload() {
        if (!uploadRequested && isWritable()) {
            uploadRequested = true;
            turns.execute(this::uploadWhatWaits);
        }
    }

    /** Shares the next object with all that waits then. */
    synchronized CompletionStage<Void> sync() {
        requireUnfailed();
        return tail.isEmpty() ? DONE : waitForStore();
    }

    private synchronized CompletionStage<Void> waitForStore() {
        requestUpload();
        return waiters.add(tail.endOffset());
    }

    /** In turn. */
    private void uploadWhatWaits() {
        synchronized (this) {
            uploadRequested = false;
            if (!isWritable()) {
                return;
            }
        }
        try {
            upload();
        } catch (StorageException failed) {
            return;
        }
        synchronized (this) {
            if (!waiters.isEmpty()
                    || tail.sizeInBytes() >= environment.settings().uploadBytes()) {
                requestUpload();
            }
        }
        merge.begin();
    }

    /** Puts one object with what waits, as far as it has room; nothing if nothing waits. Fails the log if it cannot. In turn. */
    private void upload() {
        Tail.Part part;
        synchronized (this) {
            if (tail.isEmpty()) {
                return;
            }
            part = tail.first(environment.settings().uploadBytes());
        }
        attempt(() -> {
            DataObject stored = folder.put(EncodedObject.of(
                    part.baseOffset(), part.endOffset(), owner, part.batches(), part.maxTimestampIfEmpty()));
            synchronized (this) {
                objects.add(stored);
                tail.removeBefore(stored.endOffset());
                environment.buffered().addAndGet(-stored.dataSizeInBytes());
            }
        });
        tellWaiters();
    }

    /** Those for whom everything is in the store, or will never be. */
    private void tellWaiters() {
        List<CompletableFuture<Void>> done;
        synchronized (this) {
            done = tail.isEmpty() ? waiters.takeAll() : waiters.takeUpTo(tail.baseOffset());
        }
        done.forEach(waiter -> waiter.complete(null));
    }

    /** What fails here leaves nobody knowing what the store has. */
    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (StorageException failed) {
            fail(failed);
            throw failed;
        } catch (RuntimeException unexpected) {
            StorageException failed =
                    new StorageException("the log " + id() + " cannot be written: " + unexpected, unexpected);
            fail(failed);
            throw failed;
        }
    }

    /** Puts everything that waits, if that is possible still. In turn. */
    void flush() {
        while (isWritable() && !hasStoredAll()) {
            upload();
        }
    }

    private synchronized boolean hasStoredAll() {
        return tail.isEmpty();
    }

    CompletionStage<Void> trim(int leaderEpoch, long newStart) {
        return turns.submit(() -> {
            trimInTurn(leaderEpoch, newStart);
            return null;
        });
    }

    private void trimInTurn(int leaderEpoch, long newStart) {
        requireWritable(leaderEpoch);
        synchronized (this) {
            if (newStart > tail.endOffset()) {
                throw new IllegalArgumentException(
                        "the log " + id() + " ends at " + tail.endOffset() + " and cannot start at " + newStart);
            }
            if (newStart <= startOffset) {
                return;
            }
        }
        attempt(() -> owner.moveStart(newStart));
        merge.alone(() -> {
            synchronized (this) {
                startOffset = newStart;
                leftovers.add(objects.removeBefore(newStart));
                long waiting = tail.sizeInBytes();
                tail.trim(newStart);
                environment.buffered().addAndGet(tail.sizeInBytes() - waiting);
            }
        });
        tellWaiters();
        turns.execute(leftovers::delete);
    }

    CompletionStage<Void> truncate(int leaderEpoch, long newEnd) {
        synchronized (this) {
            changesInTurn++;
        }
        return changeInTurn(() -> {
            truncateInTurn(leaderEpoch, newEnd);
            return null;
        });
    }

    private <T> CompletionStage<T> changeInTurn(Supplier<T> change) {
        return turns.submit(() -> {
            try {
                return change.get();
            } finally {
                synchronized (this) {
                    changesInTurn--;
                }
            }
        });
    }

    private void truncateInTurn(int leaderEpoch, long newEnd) {
        requireWritable(leaderEpoch);
        synchronized (this) {
            if (newEnd < startOffset) {
                throw new IllegalArgumentException(
                        "the log " + id() + " starts at " + startOffset + " and cannot end at " + newEnd);
            }
            if (newEnd >= tail.endOffset()) {
                return;
            }
        }
        attempt(() -> merge.alone(() -> cutObjects(newEnd)));
        synchronized (this) {
            long waiting = tail.sizeInBytes();
            tail.truncate(newEnd);
            environment.buffered().addAndGet(tail.sizeInBytes() - waiting);
        }
        // The end is durable only as the end of an object.
        flush();
        requireUnfailed();
        tellWaiters();
    }

    /** Puts what stays of the object that holds the new end, and then deletes that one and all behind it, from the back, so that a crash leaves a log without gaps. */
    private void cutObjects(long newEnd) {
        List<DataObject> beyond;
        synchronized (this) {
            beyond = objects.reachingBeyond(newEnd);
        }
        if (beyond.isEmpty()) {
            return;
        }
        owner.requireCurrent();
        // Else they might follow on the new end.
        leftovers.requireNone();
        DataObject cut = beyond.get(beyond.size() - 1);
        List<DataObject> rest = new ArrayList<>();
        if (cut.baseOffset() < newEnd) {
            List<RecordBatch> kept = folder.batchesOf(cut).stream()
                    .filter(batch -> batch.lastOffset() < newEnd)
                    .toList();
            rest.add(folder.put(EncodedObject.of(cut.baseOffset(), newEnd, owner, kept, cut.maxTimestamp())));
        }
        synchronized (this) {
            objects.replace(beyond, rest);
        }
        beyond.forEach(folder::delete);
    }
}
