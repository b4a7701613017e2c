package io.brokkr.testkit;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A storage engine on a device that is broken, for brokers that need to have one and not to use it. */
final class RefusingEngine implements StorageEngine {

    /** Makes it. */
    static final class Factory implements StorageEngineFactory {
        @Override
        public String name() {
            return "refusing";
        }

        @Override
        public StorageEngine open(StorageContext context) {
            return new RefusingEngine();
        }
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration) {
        return CompletableFuture.failedStage(new StorageException("the device of " + id + " is broken"));
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        return CompletableFuture.completedStage(null);
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
