package io.brokkr.spi.storage.simple;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A storage engine over a {@link BatchStore}. It is durable if the store is, and its logs cannot be compacted.
 *
 * <p>All work, of all logs, is done one piece after the other, which is what most embedded databases do with it anyway. What waits for a sync meanwhile is
 * made durable by the first commit, and the others find nothing left to do. Opening a log costs one {@link BatchStore#load}; one that nobody has open costs nothing.
 */
public final class BatchStoreEngine implements StorageEngine {

    private final String place;
    private final long segmentSizeInBytes;
    private final StoreWork work;

    /** Those that somebody has open; touched in the order of the work only, as is {@link #closed}. */
    private final Map<LogId, SharedLog> logs = new HashMap<>();

    private boolean closed;

    /**
     * Over an open store, which is this engine's from now on.
     *
     * @param place where the store is, for the operator: a file's path, an address
     * @param segmentSizeInBytes from which size on a new segment begins: what retention forgets at a time
     * @param blocking threads that may block, such as {@link io.brokkr.spi.Scheduler#blocking}
     */
    public BatchStoreEngine(BatchStore store, String place, long segmentSizeInBytes, Executor blocking) {
        this.place = place;
        this.segmentSizeInBytes = segmentSizeInBytes;
        this.work = new StoreWork(store, place, blocking, this::failLogs);
    }

    private void failLogs() {
        logs.values().forEach(SharedLog::fail);
        logs.clear();
    }

    private void requireOpen() {
        if (closed) {
            throw new StorageException("the store " + place + " was closed");
        }
    }

    private SharedLog shared(LogId id) {
        SharedLog open = logs.get(id);
        return open != null ? open : new SharedLog(id, work, segmentSizeInBytes);
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration) {
        return work.inOrder(() -> {
            requireOpen();
            SharedLog log = shared(id);
            log.enter(leaderEpoch);
            logs.put(id, log);
            return new OpenLog(log, leaderEpoch, work, last -> logs.remove(id, last));
        });
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        return work.inOrder(() -> {
            requireOpen();
            SharedLog open = logs.remove(id);
            if (open != null) {
                open.end("was deleted");
            }
            work.change(store -> {
                store.delete(id);
                store.commit();
            });
            return null;
        });
    }

    @Override
    public CompletionStage<List<LogId>> list() {
        return work.inOrder(() -> {
            requireOpen();
            return work.ask(BatchStore::list);
        });
    }

    /** The sizes of logs that nobody has open are asked from the store, one after the other. */
    @Override
    public CompletionStage<List<StorageLocation>> locations() {
        return list().thenCompose(ids -> work.inOrder(() -> {
            requireOpen();
            Map<LogId, Long> sizes = new HashMap<>();
            ids.forEach(id -> sizes.put(id, shared(id).extent().sizeInBytes()));
            return List.of(new StorageLocation(place, -1, -1, sizes));
        }));
    }

    @Override
    public void close() {
        try {
            work.inOrder(this::closeInOrder).toCompletableFuture().join();
        } catch (CompletionException failure) {
            throw new StorageException("the store " + place + " could not be closed in order", failure.getCause());
        }
    }

    private boolean closeInOrder() {
        if (closed) {
            return false;
        }
        closed = true;
        logs.values().forEach(log -> log.end("is in a store that was closed"));
        logs.clear();
        try {
            work.change(BatchStore::commit);
        } finally {
            work.ask(store -> {
                store.close();
                return true;
            });
        }
        return true;
    }
}
