package io.brokkr.storage.log;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** The open logs, and what opens and ends them. Opening costs nothing that grows with the number of logs. */
final class LogStorageEngine implements StorageEngine {

    private static final int STRIPES = 64;

    /** How often it is looked for logs and files that nobody uses. */
    static final Duration LOOK = Duration.ofSeconds(10);

    /**
     * How many looks in a row must find nothing new before a log is brought to rest. After 30 seconds Linux begins to write what nobody has synced; before that, the
     * engine would do its work.
     */
    static final int LOOKS_BEFORE_REST = 4;

    private final DataFolders folders;

    /** By data folder. */
    private final Map<Path, LogEnvironment> environments = new LinkedHashMap<>();

    private final LogSettings defaults;
    private final OpenFiles openFiles;
    private final Executor syncing;
    private final Runnable endOfSyncing;
    private final BlockingTasks tasks;
    private final Map<LogId, SegmentedLog> openLogs = new ConcurrentHashMap<>();

    /** How many have opened a log and not closed it; under the log's stripe. */
    private final Map<SegmentedLog, Integer> openers = new ConcurrentHashMap<>();

    /** Opening, closing and deleting logs of the same name exclude each other. */
    private final Object[] stripes = Stream.generate(Object::new).limit(STRIPES).toArray();

    /** Those that failed because their folders were gone: they must not begin anew, empty. */
    private final Set<LogId> vanished = ConcurrentHashMap.newKeySet();

    private final Refusals refusals = new Refusals();
    private final AtomicBoolean bringingToRest = new AtomicBoolean();

    /** Whether all that could be recovered has been, until the end comes. */
    private volatile boolean leftIsRecovered;

    private final Scheduler.Timer restTimer;
    private volatile boolean closed;

    LogStorageEngine(StorageContext context, FileOperations files) {
        this(context, files, new SyncThreads());
    }

    private LogStorageEngine(StorageContext context, FileOperations files, SyncThreads threads) {
        this(
                context,
                files,
                threads,
                threads::close,
                JournalSettings.of(context.configuration().get(JournalSettings.BYTES)),
                new SecureRandom()::nextLong);
    }

    /** With other threads for syncs, and numbers that are not random; tests bring an order into what happens. */
    LogStorageEngine(
            StorageContext context,
            FileOperations files,
            Executor syncing,
            Runnable endOfSyncing,
            JournalSettings journalSettings,
            LongSupplier salts) {
        this.syncing = syncing;
        this.endOfSyncing = endOfSyncing;
        folders = new DataFolders(context.dataFolders());
        defaults = LogSettings.of(context.configuration());
        openFiles = new OpenFiles(files, context.clock()::nanos);
        Metrics.Timings syncTimings = context.metrics()
                .timings("brokkr_log_sync_seconds", "How long the device took to sync a log.", Map.of());
        Metrics.Counter tornBytes = context.metrics()
                .counter(
                        "brokkr_log_torn_bytes_total",
                        "Bytes behind the last whole batch that were cut off when logs were opened after a crash.",
                        Map.of());
        for (Path root : folders.roots()) {
            Journal journal = new Journal(root, openFiles, journalSettings, context.clock(), salts);
            SyncQueue syncs = new SyncQueue(syncing, journal, context.clock(), syncTimings);
            environments.put(
                    root,
                    new LogEnvironment(
                            openFiles, context.clock(), context.scheduler(), syncs, journal, syncTimings, tornBytes));
        }
        Executor blocking = context.scheduler().blocking();
        tasks = new BlockingTasks(blocking);
        blocking.execute(this::removeLeftovers);
        restTimer = context.scheduler().repeat(LOOK, () -> {
            if (bringingToRest.compareAndSet(false, true)) {
                blocking.execute(this::bringToRest);
            }
        });
    }

    /** One log after the other, so that those who wait for the device at the same time are hardly held up. */
    private void bringToRest() {
        try {
            openFiles.closeRestingFor(LOOK.toNanos());
            if (!leftIsRecovered) {
                recoverLeft();
            }
            for (SegmentedLog log : openLogs.values()) {
                int still = log.look();
                if (still == 1) {
                    log.letGoOfFile();
                } else if (still == LOOKS_BEFORE_REST && !closed) {
                    log.rest();
                }
            }
        } finally {
            bringingToRest.set(false);
        }
    }

    /** Brings into the logs what the journals have kept for them since the broker was ended the hard way, unless somebody has opened them; then these files are not needed any more. */
    private void recoverLeft() {
        leftIsRecovered = true;
        environments.forEach((root, environment) -> {
            Journal journal = environment.journal();
            Set<LogKey> left = journal.leftLogs();
            if (!left.isEmpty()) {
                recoverLeft(root, environment, left);
            }
        });
    }

    private void recoverLeft(Path root, LogEnvironment environment, Set<LogKey> left) {
        Journal journal = environment.journal();
        Set<LogKey> deleted = new HashSet<>(left);
        try {
            for (Map.Entry<LogId, Path> log : folders.logsIn(root).entrySet()) {
                LogKey key = LogKey.of(log.getKey());
                if (deleted.remove(key)) {
                    recover(log.getKey(), environment);
                }
            }
            deleted.forEach(journal::release);
            journal.dropUnfit();
        } catch (IOException unreadable) {
            leftIsRecovered = false;
        }
    }

    private void recover(LogId id, LogEnvironment environment) {
        synchronized (stripe(id)) {
            try {
                Optional<Path> folder = folders.find(id);
                if (!openLogs.containsKey(id) && folder.isPresent()) {
                    new LogLoader(id, folder.get(), environment, defaults)
                            .load()
                            .close();
                }
            } catch (IOException | StorageException failure) {
                refusals.report(id, failure);
            }
        }
    }

    private void removeLeftovers() {
        try {
            folders.removeLeftovers();
        } catch (IOException | UncheckedIOException ignored) {
            // They do no harm, and there is another chance at the next start.
        }
    }

    private Object stripe(LogId id) {
        return stripes[Math.floorMod(id.topic().hashCode() * 31 + id.partition(), STRIPES)];
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration) {
        LogSettings settings = LogSettings.of(configuration);
        return tasks.submit("open " + id, () -> {
            synchronized (stripe(id)) {
                PartitionLog opened = refusals.watch(id, () -> openNow(id, leaderEpoch, settings));
                vanished.remove(id);
                return opened;
            }
        });
    }

    private PartitionLog openNow(LogId id, int leaderEpoch, LogSettings settings) throws IOException {
        requireRunning();
        SegmentedLog log = openLogs.get(id);
        if (log != null && !log.condition().isWritable()) {
            forget(log);
            log.close();
            log = null;
        }
        if (log == null) {
            Path folder = vanished.contains(id) ? folders.findAgain(id) : folders.findOrCreate(id);
            log = new LogLoader(id, folder, environmentOf(folder), settings).load();
            openLogs.put(id, log);
            openers.put(log, 0);
        }
        try {
            // Again, now that the log is in the map: if the engine's end has missed it, it is seen here.
            requireRunning();
            log.fence(leaderEpoch);
            log.reconfigure(settings);
            openers.merge(log, 1, Integer::sum);
            return new OpenedLog(log, leaderEpoch, tasks, this);
        } finally {
            if (openers.getOrDefault(log, 0) == 0) {
                forget(log);
                log.close();
            }
        }
    }

    private LogEnvironment environmentOf(Path folder) {
        return Objects.requireNonNull(environments.get(DataFolders.rootOf(folder)));
    }

    private void requireRunning() {
        if (closed) {
            throw new StorageException("the engine is closed");
        }
    }

    private void forget(SegmentedLog log) {
        openLogs.remove(log.id(), log);
        openers.remove(log);
        if (!log.condition().isWritable() && !Files.isDirectory(log.folder())) {
            vanished.add(log.id());
        }
    }

    /**
     * One of its openers has closed a log.
     *
     * @param hasAppended whether he has appended to it: then what he has appended is durable afterwards
     */
    void release(SegmentedLog log, boolean hasAppended) throws IOException {
        synchronized (stripe(log.id())) {
            Integer left = openers.computeIfPresent(log, (same, count) -> count - 1);
            if (left == null) {
                return;
            }
            if (left > 0 && hasAppended && log.condition().isWritable()) {
                log.checkpoint();
            } else if (left == 0) {
                forget(log);
                log.close();
            }
        }
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        return tasks.submit("delete " + id, () -> {
            synchronized (stripe(id)) {
                SegmentedLog log = openLogs.get(id);
                if (log != null) {
                    forget(log);
                    log.abandon("was deleted");
                }
                vanished.remove(id);
                refusals.forget(id);
                Optional<Path> deleted = folders.markDeleted(id);
                environments.values().forEach(each -> each.journal().release(LogKey.of(id)));
                deleted.ifPresent(folder -> tasks.submit("remove " + folder, () -> {
                    folders.remove(folder);
                    return null;
                }));
                return null;
            }
        });
    }

    @Override
    public CompletionStage<List<LogId>> list() {
        return tasks.submit("list the logs", () -> {
            List<LogId> all = new ArrayList<>();
            for (Path root : folders.roots()) {
                all.addAll(folders.logsIn(root).keySet());
            }
            return all;
        });
    }

    @Override
    public CompletionStage<List<StorageLocation>> locations() {
        return tasks.submit("look at the data folders", () -> {
            List<StorageLocation> locations = new ArrayList<>();
            for (Path root : folders.roots()) {
                locations.add(location(root));
            }
            return locations;
        });
    }

    private StorageLocation location(Path root) throws IOException {
        Map<LogId, Long> sizes = new HashMap<>();
        for (Map.Entry<LogId, Path> entry : folders.logsIn(root).entrySet()) {
            SegmentedLog open = openLogs.get(entry.getKey());
            sizes.put(entry.getKey(), open != null ? open.sizeInBytes() : DataFolders.sizeInBytes(entry.getValue()));
        }
        FileStore volume = Files.getFileStore(root);
        return new StorageLocation(root.toString(), volume.getTotalSpace(), volume.getUsableSpace(), sizes);
    }

    @Override
    public void close() {
        closed = true;
        restTimer.cancel();
        BlockingTasks parallel = new BlockingTasks(syncing);
        CompletableFuture.allOf(openLogs.values().stream()
                        .map(log -> parallel.submit("close " + log.id(), () -> {
                            log.close();
                            return null;
                        }))
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture<?>[]::new))
                // Each log did what it could; its appenders know of failures, and there is nobody else to tell.
                .exceptionally(failure -> null)
                .join();
        openLogs.clear();
        recoverLeft();
        environments.values().forEach(environment -> environment.journal().close());
        endOfSyncing.run();
    }
}
