package io.brokkr.storage.memory;

import static java.util.concurrent.CompletableFuture.completedStage;
import static java.util.concurrent.CompletableFuture.failedStage;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** All logs, by their ids. They live as long as the engine, open or not. */
final class MemoryStorageEngine implements StorageEngine {

    private final long segmentSizeInBytes;
    private final Map<LogId, MemoryLog> logs = new ConcurrentHashMap<>();
    private volatile boolean closed;

    MemoryStorageEngine(long segmentSizeInBytes) {
        this.segmentSizeInBytes = segmentSizeInBytes;
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration) {
        if (closed) {
            return failedStage(new StorageException("the memory engine is closed"));
        }
        MemoryLog log = logs.computeIfAbsent(id, absent -> new MemoryLog(absent, segmentSizeInBytes));
        try {
            log.fence(leaderEpoch);
            return completedStage(new OpenMemoryLog(log, leaderEpoch));
        } catch (StorageException fenced) {
            return failedStage(fenced);
        }
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        MemoryLog log = logs.remove(id);
        if (log != null) {
            log.markUnusable("was deleted");
        }
        return completedStage(null);
    }

    @Override
    public CompletionStage<List<LogId>> list() {
        return completedStage(List.copyOf(logs.keySet()));
    }

    @Override
    public CompletionStage<List<StorageLocation>> locations() {
        Map<LogId, Long> sizes = logs.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().sizeInBytes()));
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        return completedStage(
                List.of(new StorageLocation("memory", runtime.maxMemory(), runtime.maxMemory() - used, sizes)));
    }

    @Override
    public void close() {
        closed = true;
        logs.values().forEach(log -> log.markUnusable("is in an engine that was closed"));
        logs.clear();
    }
}
