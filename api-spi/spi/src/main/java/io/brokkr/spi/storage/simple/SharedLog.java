package io.brokkr.spi.storage.simple;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.OffsetOutOfRangeException;
import io.brokkr.spi.storage.StorageException;
import org.jspecify.annotations.Nullable;

/** A log as all of its openers share it. Everything but {@link #id} and {@link #extent} is called in the order of the {@link StoreWork}. */
final class SharedLog {

    private final LogId id;
    private final StoreWork work;
    private final long segmentSizeInBytes;
    private volatile Extent extent;
    private int leaderEpoch;
    private int openers;
    private boolean failed;
    private @Nullable String ended;

    SharedLog(LogId id, StoreWork work, long segmentSizeInBytes) {
        this.id = id;
        this.work = work;
        this.segmentSizeInBytes = segmentSizeInBytes;
        StoredLog stored = work.ask(store -> store.load(id)).orElse(StoredLog.NONE);
        this.leaderEpoch = stored.leaderEpoch();
        this.extent = Extent.of(stored);
    }

    LogId id() {
        return id;
    }

    Extent extent() {
        return extent;
    }

    /** Lets somebody in, and shuts out those of lower epochs. */
    void enter(int openersEpoch) {
        requireNotFenced(openersEpoch);
        if (openersEpoch > leaderEpoch) {
            work.change(store -> {
                store.save(id, openersEpoch, extent.startOffset(), extent.endOffset());
                store.commit();
            });
            leaderEpoch = openersEpoch;
        }
        openers++;
    }

    /** Whether that was the last one. */
    boolean leave() {
        openers--;
        return openers == 0;
    }

    /** The store failed: there is no more writing. */
    void fail() {
        failed = true;
    }

    /** There is no more use of it at all. */
    void end(String why) {
        ended = why;
    }

    void requireUsable() {
        if (ended != null) {
            throw new StorageException("the log " + id + " " + ended);
        }
    }

    void requireWritable(int openersEpoch) {
        requireUnfailed();
        requireNotFenced(openersEpoch);
    }

    private void requireUnfailed() {
        requireUsable();
        if (failed) {
            throw new StorageException(
                    "the log " + id + " takes no writes since its store has failed, until it is opened again");
        }
    }

    private void requireNotFenced(int openersEpoch) {
        if (openersEpoch < leaderEpoch) {
            throw new LogFencedException("the log " + id + " was opened under the leader epoch " + leaderEpoch
                    + ", which fences " + openersEpoch);
        }
    }

    void append(RecordBatch batch) {
        Extent before = extent;
        if (batch.baseOffset() < before.endOffset()) {
            throw new IllegalArgumentException("the log " + id + " ends at " + before.endOffset() + ", a batch at "
                    + batch.baseOffset() + " comes too late");
        }
        long segment = before.nextSegment(segmentSizeInBytes);
        work.change(store -> store.append(id, segment, batch));
        extent = before.with(batch, segment);
    }

    void sync() {
        requireUnfailed();
        work.change(BatchStore::commit);
    }

    /** Makes durable what can be: where the store has failed, that is nothing. */
    void syncAtLast() {
        if (!failed && ended == null) {
            sync();
        }
    }

    RecordData read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        if (offset < extent.startOffset()) {
            throw new OffsetOutOfRangeException(
                    "the log " + id + " starts at " + extent.startOffset() + ", not at " + offset);
        }
        if (maxBytes == 0 && !atLeastOneBatch) {
            return RecordData.empty();
        }
        BoundedRead read = new BoundedRead(maxBytes, atLeastOneBatch, endOffset);
        return work.ask(store -> {
            store.read(id, offset, read);
            return read.data();
        });
    }

    void trim(long startOffset) {
        if (startOffset > extent.endOffset()) {
            throw new IllegalArgumentException(
                    "the log " + id + " ends at " + extent.endOffset() + " and cannot start at " + startOffset);
        }
        if (startOffset > extent.startOffset()) {
            remove(0, startOffset, startOffset, extent.endOffset());
        }
    }

    void truncate(long endOffset) {
        if (endOffset < extent.startOffset()) {
            throw new IllegalArgumentException(
                    "the log " + id + " starts at " + extent.startOffset() + " and cannot end at " + endOffset);
        }
        if (endOffset < extent.endOffset()) {
            remove(endOffset, Long.MAX_VALUE, extent.startOffset(), endOffset);
        }
    }

    private void remove(long fromOffset, long toOffset, long newStart, long newEnd) {
        work.change(store -> {
            store.remove(id, fromOffset, toOffset);
            store.save(id, leaderEpoch, newStart, newEnd);
            store.commit();
            extent = Extent.of(store.load(id).orElseThrow());
        });
    }
}
