package io.brokkr.storage.s3;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Knows the logs that somebody has open, and what to do in which order. One that nobody has open costs nothing. */
final class S3StorageEngine implements StorageEngine {

    private final S3Settings settings;
    private final ObjectStore store;
    private final S3Threads writes;
    private final S3Threads reads;
    private final S3Threads merges;
    private final LogEnvironment environment;
    private final Map<LogId, LogSlot> slots = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Over a store that can be used, which is the engine's from now on. */
    S3StorageEngine(S3Settings settings, ObjectStore store, StorageContext context) {
        this.settings = settings;
        this.store = store;
        writes = new S3Threads("brokkr-s3-write", settings.connections(), settings.requestTimeout());
        reads = new S3Threads("brokkr-s3-read", settings.connections(), settings.requestTimeout());
        merges = new S3Threads("brokkr-s3-merge", 1, settings.requestTimeout());
        BlockCache cache = new BlockCache(store, settings.cacheBytes());
        AtomicLong buffered = new AtomicLong();
        environment = new LogEnvironment(settings, store, cache, context.scheduler(), writes, reads, merges, buffered);
        context.metrics()
                .gauge("brokkr_s3_cache_bytes", "Bytes of objects that are in memory.", Map.of(), cache::sizeInBytes);
        context.metrics()
                .gauge("brokkr_s3_buffered_bytes", "Bytes that wait for the object store.", Map.of(), buffered::get);
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new StorageException("the engine s3 is closed");
        }
    }

    /** Does something to a log after everything that was asked for before. */
    private <T> CompletionStage<T> inTurn(LogId id, Function<LogSlot, T> work) {
        LogSlot slot = slots.compute(id, (key, known) -> {
            LogSlot used = known != null ? known : new LogSlot(new LogKeys(settings.keyPrefix(), id), environment);
            used.beginUse();
            return used;
        });
        return slot.turns().submit(() -> work.apply(slot)).whenComplete((done, failure) -> endUse(id));
    }

    private void endUse(LogId id) {
        slots.computeIfPresent(id, (key, slot) -> slot.endUse() ? null : slot);
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration) {
        return inTurn(id, slot -> {
            requireOpen();
            S3Log log = slot.open(leaderEpoch);
            LogReader reader = new LogReader(log, new LogKeys(settings.keyPrefix(), id), environment.cache());
            return new OpenedS3Log(log, leaderEpoch, reader, reads, this::release);
        });
    }

    private CompletionStage<Void> release(S3Log log) {
        return inTurn(log.id(), slot -> {
            slot.close(log);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        return inTurn(id, slot -> {
            requireOpen();
            slot.delete();
            return null;
        });
    }

    @Override
    public CompletionStage<List<LogId>> list() {
        return CompletableFuture.supplyAsync(
                () -> {
                    requireOpen();
                    return listLogs();
                },
                reads);
    }

    private List<LogId> listLogs() {
        String folder = LogKeys.allLogs(settings.keyPrefix());
        List<LogId> found = new ArrayList<>();
        store.list(folder, object -> LogKeys.parse(folder, object.key()).ifPresent(found::add));
        return found;
    }

    /** Lists all objects of the engine, a thousand with each request. */
    @Override
    public CompletionStage<List<StorageLocation>> locations() {
        return CompletableFuture.supplyAsync(
                () -> {
                    requireOpen();
                    return List.of(location());
                },
                reads);
    }

    private StorageLocation location() {
        String place = store.place(settings.keyPrefix());
        try {
            return new StorageLocation(place, -1, -1, sizes());
        } catch (StorageException failure) {
            return StorageLocation.failed(place, String.valueOf(failure.getMessage()));
        }
    }

    /** Of a log that nobody has open, leftovers count too. */
    private Map<LogId, Long> sizes() {
        Map<LogId, Long> sizes = new HashMap<>();
        listLogs().forEach(id -> sizes.put(id, 0L));
        String folder = LogKeys.allData(settings.keyPrefix());
        store.list(folder, object -> LogKeys.parse(folder, object.key())
                .ifPresent(id -> DataObject.parse(lastPart(object.key()), object.sizeInBytes())
                        .ifPresent(data -> sizes.computeIfPresent(id, (key, size) -> size + data.dataSizeInBytes()))));
        slots.forEach((id, slot) -> {
            S3Log open = slot.log();
            if (open != null) {
                sizes.put(id, open.sizeInBytes());
            }
        });
        return sizes;
    }

    private static String lastPart(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        List<CompletableFuture<Void>> shut = new ArrayList<>();
        for (LogId id : slots.keySet()) {
            shut.add(this.<@Nullable Void>inTurn(id, slot -> {
                        slot.shut("is in an engine that was closed");
                        return null;
                    })
                    .toCompletableFuture());
        }
        try {
            CompletableFuture.allOf(shut.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException failure) {
            throw new StorageException(
                    "not everything could be put into " + store.place(settings.keyPrefix()) + ": "
                            + failure.getCause().getMessage(),
                    failure.getCause());
        } finally {
            writes.close();
            reads.close();
            merges.close();
            store.close();
        }
    }
}
