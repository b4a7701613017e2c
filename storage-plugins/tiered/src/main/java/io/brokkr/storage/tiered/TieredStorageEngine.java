package io.brokkr.storage.tiered;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;

/** Opens logs in both tiers. Thread-safe. */
final class TieredStorageEngine implements StorageEngine {

    private static final String HOT_SPACE = "tiered-hot";

    private final StorageEngine hot;
    private final ColdEngine cold;
    private final Executor blocking;
    private final Mover mover;
    private final AtomicBoolean moving = new AtomicBoolean();
    private final Scheduler.Timer timer;

    /** Those that somebody has open or is opening, and how many; under the monitor. */
    private final Map<LogId, Held> logs = new HashMap<>();

    private boolean closed;

    private static final class Held {
        private final SharedLog log;
        private int holders;

        Held(SharedLog log) {
            this.log = log;
        }
    }

    TieredStorageEngine(StorageContext context, String hotEngine, String coldEngine) {
        blocking = context.scheduler().blocking();
        hot = context.openEngine(hotEngine, HOT_SPACE);
        try {
            cold = ColdEngine.open(context, coldEngine);
        } catch (StorageException failure) {
            hot.close();
            throw failure;
        }
        mover = new Mover(this::openLogs, context);
        Duration interval = context.configuration().get(TieredSettings.CHECK_INTERVAL);
        timer = context.scheduler().repeat(interval, () -> blocking.execute(this::move));
    }

    private synchronized Collection<SharedLog> openLogs() {
        return logs.values().stream().map(held -> held.log).toList();
    }

    /** Moves what is due, unless somebody is at it already. */
    CompletionStage<Void> move() {
        if (!moving.compareAndSet(false, true)) {
            return Stages.DONE;
        }
        return mover.round().whenComplete((done, failure) -> moving.set(false));
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration) {
        SharedLog log;
        try {
            log = hold(id);
        } catch (StorageException refused) {
            return CompletableFuture.failedStage(refused);
        }
        return HotLog.open(hot, id, leaderEpoch, configuration)
                .thenCompose(opened -> log.enter(opened)
                        .handle((entered, failure) -> failure == null
                                ? CompletableFuture.<PartitionLog>completedStage(
                                        new TieredLog(log, opened, this::leave))
                                : opened.close()
                                        .handle((done, again) -> null)
                                        .thenCompose(done -> CompletableFuture.<PartitionLog>failedStage(failure)))
                        .thenCompose(Function.identity()))
                .whenComplete((opened, failure) -> {
                    if (failure != null) {
                        release(log);
                    }
                });
    }

    private synchronized SharedLog hold(LogId id) {
        if (closed) {
            throw new StorageException("the engine tiered is closed");
        }
        Held held = logs.computeIfAbsent(
                id, absent -> new Held(new SharedLog(absent, hot, new ColdLog(absent, cold, blocking))));
        held.holders++;
        return held.log;
    }

    private void leave(TieredLog log) {
        log.shared().leave(log.hot());
        release(log.shared());
    }

    private synchronized void release(SharedLog log) {
        Held held = logs.get(log.id());
        if (held != null && held.log == log) {
            held.holders--;
            if (held.holders == 0) {
                logs.remove(log.id());
                log.cold().close();
            }
        }
    }

    /** From both tiers, so it fails as long as the cold one cannot be reached; what is open is unusable all the same. */
    @Override
    public CompletionStage<Void> delete(LogId id) {
        Held held;
        synchronized (this) {
            held = logs.remove(id);
        }
        if (held != null) {
            held.log.end("was deleted");
            held.log.cold().close();
        }
        return hot.delete(HotLog.rewound(id))
                .thenCompose(deleted -> hot.delete(id))
                .thenCompose(deleted -> cold.get())
                .thenCompose(engine -> engine.delete(id));
    }

    /** Those of the hot tier, in which every log is. */
    @Override
    public CompletionStage<List<LogId>> list() {
        return hot.list().thenApply(stored -> {
            Set<LogId> all = new HashSet<>(stored);
            return stored.stream()
                    .filter(id -> HotLog.first(id, all).equals(id))
                    .toList();
        });
    }

    @Override
    public CompletionStage<List<StorageLocation>> locations() {
        CompletionStage<List<StorageLocation>> coldOnes = cold.get()
                .thenCompose(StorageEngine::locations)
                .exceptionally(failure -> List.of(StorageLocation.failed(
                        "cold tier " + cold.name(),
                        String.valueOf(Stages.cause(failure).getMessage()))));
        return hot.locations().thenCombine(coldOnes, (ours, theirs) -> {
            Set<LogId> all = new HashSet<>();
            ours.forEach(location -> all.addAll(location.logSizesInBytes().keySet()));
            return Stream.concat(ours.stream().map(location -> firstLogs(location, all)), theirs.stream())
                    .toList();
        });
    }

    /** The same, with what a second log takes counted to the first one. */
    private static StorageLocation firstLogs(StorageLocation location, Set<LogId> all) {
        Map<LogId, Long> sizes = new HashMap<>();
        location.logSizesInBytes().forEach((id, size) -> sizes.merge(HotLog.first(id, all), size, Long::sum));
        return new StorageLocation(
                location.name(), location.totalBytes(), location.usableBytes(), sizes, location.failure());
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            logs.values().forEach(held -> held.log.end("is in an engine that was closed"));
            logs.clear();
        }
        timer.cancel();
        mover.close();
        try {
            cold.close();
        } finally {
            hot.close();
        }
    }
}
