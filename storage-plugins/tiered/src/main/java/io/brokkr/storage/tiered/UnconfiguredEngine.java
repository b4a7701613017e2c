package io.brokkr.storage.tiered;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The engine as long as the operator has not named a cold one: it refuses logs, and says why. Those that it may have had before are left as they are. */
final class UnconfiguredEngine implements StorageEngine {

    private static <T> CompletionStage<T> refuse(LogId id) {
        return CompletableFuture.failedStage(
                new StorageException(
                        "the log " + id + " cannot be used, since " + TieredSettings.COLD_ENGINE
                                + " names no storage engine for the cold tier of the engine tiered: name one, and start the broker again"));
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration) {
        return refuse(id);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        return refuse(id);
    }

    @Override
    public CompletionStage<List<LogId>> list() {
        return CompletableFuture.completedStage(List.of());
    }

    @Override
    public CompletionStage<List<StorageLocation>> locations() {
        return CompletableFuture.completedStage(List.of());
    }

    @Override
    public void close() {}
}
