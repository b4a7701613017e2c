package io.brokkr.core.partition;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A storage engine in memory whose «disk» outlives its logs, so that a test can close, kill and cut the power, delay what completes and let it
 * fail. Everything happens under the engine's own monitor.
 */
final class TestEngine implements StorageEngine {

    /** What is on the disk of one log. */
    static final class Data {
        final LogId id;
        final List<TestLog.Stored> batches = new ArrayList<>();
        final Map<String, Bytes> checkpoints = new HashMap<>();
        /** The base offsets of batches that cannot be read any more. */
        final Set<Long> damaged = new HashSet<>();

        int synced;
        int leaderEpoch;
        long startOffset;
        long emptyAt;
        boolean deleted;

        @Nullable
        TestLog open;

        Data(LogId id) {
            this.id = id;
        }

        long endOffset() {
            return batches.isEmpty() ? emptyAt : batches.get(batches.size() - 1).endOffset();
        }

        void trim(long offset) {
            emptyAt = endOffset();
            startOffset = Math.max(startOffset, offset);
            while (!batches.isEmpty() && batches.get(0).endOffset() <= startOffset) {
                batches.remove(0);
                synced = Math.max(0, synced - 1);
            }
        }
    }

    /** Something that is complete when the test says so. */
    private record Delayed(CompletableFuture<Void> end, Runnable work) {}

    final Map<LogId, Data> disk = new HashMap<>();
    final List<String> calls = new ArrayList<>();
    /** Null while appends complete at once. */
    @Nullable
    ArrayDeque<Runnable> delayedAppends;
    /** Null while syncs complete at once. */
    @Nullable
    ArrayDeque<Runnable> delayedSyncs;

    /** Holds back the word that an append is complete, though it is; null while it is given at once. */
    @Nullable
    List<Runnable> heldEnds;

    /** Whether stages are of the kind that only shows what every stage has, and not the future below it. */
    boolean minimalStages;

    int failAppends;
    int failSyncs;
    int failOpens;
    int opens;

    @Nullable
    CompletableFuture<Void> openGate;

    CompletionStage<Void> later(@Nullable ArrayDeque<Runnable> queue, Runnable work) {
        Delayed delayed = new Delayed(new CompletableFuture<>(), work);
        Runnable run = () -> {
            try {
                synchronized (this) {
                    delayed.work().run();
                }
            } catch (StorageException failure) {
                delayed.end().completeExceptionally(failure);
                return;
            }
            List<Runnable> held = heldEnds;
            if (held == null) {
                delayed.end().complete(null);
            } else {
                held.add(() -> delayed.end().complete(null));
            }
        };
        if (queue == null) {
            run.run();
        } else {
            queue.add(run);
        }
        return minimalStages ? delayed.end().minimalCompletionStage() : delayed.end();
    }

    /** What was not synced is gone, and every open log with it. */
    synchronized void cutPower() {
        kill();
        disk.values().forEach(data -> {
            while (data.batches.size() > data.synced) {
                data.batches.remove(data.batches.size() - 1);
            }
        });
    }

    /** Batches are gone though the log was closed well: a device that only pretends to sync. */
    synchronized void loseTail(int count) {
        disk.values().forEach(data -> {
            int kept = Math.max(0, data.batches.size() - count);
            data.batches.subList(kept, data.batches.size()).clear();
            data.synced = Math.min(data.synced, kept);
        });
    }

    /** The process is gone: what was written is there. */
    synchronized void kill() {
        disk.values().forEach(data -> {
            if (data.open != null) {
                data.open.invalidate();
            }
        });
    }

    synchronized Data onlyLog() {
        return disk.values().iterator().next();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration) {
        CompletableFuture<Void> gate = openGate;
        return gate == null ? openNow(id, leaderEpoch) : gate.thenCompose(opened -> openNow(id, leaderEpoch));
    }

    private synchronized CompletionStage<PartitionLog> openNow(LogId id, int leaderEpoch) {
        opens++;
        if (failOpens > 0) {
            failOpens--;
            return CompletableFuture.failedFuture(new StorageException("the folder cannot be read"));
        }
        Data data = disk.computeIfAbsent(id, Data::new);
        data.leaderEpoch = Math.max(data.leaderEpoch, leaderEpoch);
        data.open = new TestLog(this, data, leaderEpoch);
        return CompletableFuture.completedFuture(data.open);
    }

    @Override
    public synchronized CompletionStage<Void> delete(LogId id) {
        calls.add("delete");
        Data data = disk.remove(id);
        if (data != null) {
            data.deleted = true;
        }
        return Stages.DONE;
    }

    @Override
    public synchronized CompletionStage<List<LogId>> list() {
        return CompletableFuture.completedFuture(List.copyOf(disk.keySet()));
    }

    @Override
    public CompletionStage<List<StorageLocation>> locations() {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public void close() {}
}
