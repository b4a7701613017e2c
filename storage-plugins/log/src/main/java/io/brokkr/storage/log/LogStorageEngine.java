package io.brokkr.storage.log;

import io.brokkr.spi.Configuration;
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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
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
    private final LogEnvironments environments;
    private final LogSettings defaults;
    private final OpenFiles openFiles;
    private final Runnable endOfSyncing;
    private final Executor blocking;
    private final BlockingTasks tasks;
    private final Map<LogId, SegmentedLog> openLogs = new ConcurrentHashMap<>();

    /** How many have opened a log and not closed it; under the log's stripe. */
    private final Map<SegmentedLog, Integer> openers = new ConcurrentHashMap<>();

    /** Opening, closing and deleting logs of the same name exclude each other. */
    private final Object[] stripes = Stream.generate(Object::new).limit(STRIPES).toArray();

    /** Those that failed because their folders were gone: they must not begin anew, empty. */
    private final Set<LogId> vanished = ConcurrentHashMap.newKeySet();

    private final LogDeletions deletions;
    private final Refusals refusals = new Refusals();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicBoolean bringingToRest = new AtomicBoolean();

    /** Logs that nobody has appended to for a while, the longest first. */
    private final Queue<SegmentedLog> toRest = new ConcurrentLinkedQueue<>();

    /** Data folders of which all that their journals had kept has been recovered, as far as it could be. */
    private final Set<Path> recovered = ConcurrentHashMap.newKeySet();

    private final Scheduler.Timer restTimer;
    private volatile boolean closed;

    LogStorageEngine(StorageContext context, FileOperations files) {
        this(context, files, new SyncThreads.ByFolder());
    }

    private LogStorageEngine(StorageContext context, FileOperations files, SyncThreads.ByFolder threads) {
        this(
                context,
                files,
                threads::of,
                threads::close,
                JournalSettings.of(context.configuration().get(JournalSettings.BYTES)),
                new SecureRandom()::nextLong);
    }

    /** With other threads for the syncs of each data folder, and numbers that are not random; tests bring an order into what happens. */
    LogStorageEngine(
            StorageContext context,
            FileOperations files,
            Function<Path, ? extends Executor> syncing,
            Runnable endOfSyncing,
            JournalSettings journalSettings,
            LongSupplier salts) {
        this.endOfSyncing = endOfSyncing;
        defaults = LogSettings.of(context.configuration());
        openFiles = new OpenFiles(files, context.clock()::nanos);
        blocking = context.scheduler().blocking();
        tasks = new BlockingTasks(blocking);
        environments = new LogEnvironments(
                context, openFiles, syncing, new BlockingTasks.Queued(tasks), journalSettings, salts);
        folders = new DataFolders(context, environments::of);
        deletions = new LogDeletions(folders, environments, tasks);
        blocking.execute(this::tidyUp);
        restTimer = context.scheduler().repeat(LOOK, () -> {
            if (looking.compareAndSet(false, true)) {
                blocking.execute(this::look);
            }
        });
    }

    /** Lets go of what nobody uses, and finds the logs to bring to rest. Waits for no device. */
    private void look() {
        try {
            openFiles.closeRestingFor(LOOK.toNanos());
            for (SegmentedLog log : openLogs.values()) {
                int still = log.look();
                if (still == 1) {
                    log.letGoOfFile();
                } else if (still == LOOKS_BEFORE_REST) {
                    toRest.add(log);
                }
            }
        } finally {
            looking.set(false);
        }
        if (hasWork() && bringingToRest.compareAndSet(false, true)) {
            blocking.execute(this::bringToRest);
        }
    }

    /** Of most looks, nothing comes that may wait for a device. */
    private boolean hasWork() {
        return !toRest.isEmpty()
                || folders.hasFailed()
                || !recovered.containsAll(environments.all().keySet());
    }

    /** One log after the other, so that those who wait for the device at the same time are hardly held up. Of thousands, it may take longer than until the next look. */
    private void bringToRest() {
        try {
            folders.lookAtFailed();
            recoverLeft();
            SegmentedLog log = toRest.poll();
            while (log != null && !closed) {
                log.rest();
                log = toRest.poll();
            }
        } finally {
            bringingToRest.set(false);
        }
    }

    /**
     * Brings into the logs what the journals have kept for them since the broker was ended the hard way, unless somebody has opened them; then these files are not needed any
     * more.
     */
    private void recoverLeft() {
        environments.all().forEach((root, environment) -> {
            if (recovered.add(root)) {
                Set<LogKey> left = environment.journal().leftLogs();
                if (!left.isEmpty() && !recoverLeft(root, environment, left)) {
                    recovered.remove(root);
                }
            }
        });
    }

    /** False if the next look has another chance. */
    private boolean recoverLeft(Path root, LogEnvironment environment, Set<LogKey> left) {
        Journal journal = environment.journal();
        Set<LogKey> deleted = new HashSet<>(left);
        try {
            Map<LogId, Path> logs = LogFolders.logsIn(root);
            logs.forEach((id, folder) -> {
                if (deleted.remove(LogKey.of(id))) {
                    recover(id, folder, environment);
                }
            });
            // A folder that does not say whose it is may be the one of a log that is not found.
            if (logs.size() == LogFolders.logFoldersIn(root).size()) {
                deleted.forEach(journal::release);
            }
            journal.dropUnfit();
            return true;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private void recover(LogId id, Path folder, LogEnvironment environment) {
        synchronized (stripe(id)) {
            try {
                if (!openLogs.containsKey(id) && Files.isDirectory(folder)) {
                    new LogLoader(id, folder, environment, defaults).load().close();
                }
            } catch (IOException | StorageException failure) {
                refusals.report(id, failure);
            }
        }
    }

    private void tidyUp() {
        attempt(folders::removeLeftovers);
        attempt(folders::notePlaces);
    }

    /** Work on folders for which there is another chance at the next start. */
    @FunctionalInterface
    private interface Attempt {
        void make() throws IOException;
    }

    private static void attempt(Attempt attempt) {
        try {
            attempt.make();
        } catch (IOException | UncheckedIOException ignored) {
            // What is left does no harm.
        }
    }

    private Object stripe(LogId id) {
        return stripes[Math.floorMod(id.topic().hashCode() * 31 + id.partition(), STRIPES)];
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration) {
        LogSettings settings = LogSettings.of(configuration);
        return tasks.<CompletionStage<PartitionLog>>submit("open " + id, () -> {
                    synchronized (stripe(id)) {
                        CompletionStage<Void> deletion = deletions.underWay(id);
                        if (deletion != null) {
                            return deletion.handle((end, failure) -> id)
                                    .thenCompose(same -> open(same, leaderEpoch, configuration));
                        }
                        PartitionLog opened = refusals.watch(id, () -> openNow(id, leaderEpoch, settings));
                        vanished.remove(id);
                        return CompletableFuture.completedStage(opened);
                    }
                })
                .thenCompose(Function.identity());
    }

    private PartitionLog openNow(LogId id, int leaderEpoch, LogSettings settings) throws IOException {
        requireRunning();
        SegmentedLog log = openLogs.get(id);
        if (log == null) {
            Path folder = vanished.contains(id) ? folders.findAgain(id) : folders.findOrCreate(id);
            log = take(load(id, folder, settings));
        } else if (!log.condition().isWritable()) {
            log = take(loadAgain(log, settings));
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

    /** A log that failed, from its files. Until that has succeeded, it is the old one that is read, and nobody else touches the files. */
    private SegmentedLog loadAgain(SegmentedLog failed, LogSettings settings) throws IOException {
        failed.replacements().abandon();
        SegmentedLog fresh;
        failed.maintenance().lock();
        try {
            fresh = load(failed.id(), folders.findAgain(failed.id()), settings);
        } finally {
            failed.maintenance().unlock();
        }
        forget(failed);
        failed.close();
        return fresh;
    }

    private SegmentedLog load(LogId id, Path folder, LogSettings settings) throws IOException {
        return new LogLoader(id, folder, environments.of(LogFolders.rootOf(folder)), settings).load();
    }

    private SegmentedLog take(SegmentedLog loaded) {
        openLogs.put(loaded.id(), loaded);
        openers.put(loaded, 0);
        return loaded;
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
        return tasks.<CompletionStage<Void>>submit("delete " + id, () -> {
                    synchronized (stripe(id)) {
                        CompletionStage<Void> underWay = deletions.underWay(id);
                        if (underWay != null) {
                            return underWay;
                        }
                        SegmentedLog log = openLogs.get(id);
                        if (log != null) {
                            forget(log);
                            log.abandon("was deleted");
                        }
                        vanished.remove(id);
                        refusals.forget(id);
                        return deletions.begin(id);
                    }
                })
                .thenCompose(Function.identity());
    }

    @Override
    public CompletionStage<List<LogId>> list() {
        return tasks.submit("list the logs", () -> {
            List<LogId> all = new ArrayList<>();
            for (DataFolder root : folders.roots()) {
                try {
                    if (root.isUsable()) {
                        all.addAll(LogFolders.logsIn(root.path()).keySet());
                    }
                } catch (IOException failure) {
                    if (root.look()) {
                        throw failure;
                    }
                }
            }
            return all;
        });
    }

    @Override
    public CompletionStage<List<StorageLocation>> locations() {
        return tasks.submit("look at the data folders", () -> {
            List<StorageLocation> locations = new ArrayList<>();
            for (DataFolder root : folders.roots()) {
                locations.add(location(root));
            }
            return locations;
        });
    }

    private StorageLocation location(DataFolder root) {
        String failure = root.look() ? null : root.failure();
        if (failure == null) {
            try {
                return location(root.path());
            } catch (IOException | UncheckedIOException cause) {
                failure = "the data folder " + root.path() + " cannot be read: " + cause;
            }
        }
        return StorageLocation.failed(root.path().toString(), failure);
    }

    private StorageLocation location(Path root) throws IOException {
        Map<LogId, Long> sizes = new HashMap<>();
        for (Map.Entry<LogId, Path> entry : LogFolders.logsIn(root).entrySet()) {
            SegmentedLog open = openLogs.get(entry.getKey());
            sizes.put(entry.getKey(), open != null ? open.sizeInBytes() : LogFolders.sizeInBytes(entry.getValue()));
        }
        FileStore volume = Files.getFileStore(root);
        return new StorageLocation(root.toString(), volume.getTotalSpace(), volume.getUsableSpace(), sizes);
    }

    @Override
    public void close() {
        closed = true;
        restTimer.cancel();
        CompletableFuture.allOf(openLogs.values().stream()
                        .map(log -> new BlockingTasks(log.environment().syncs().threads())
                                .submit("close " + log.id(), () -> {
                                    log.close();
                                    return null;
                                }))
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture<?>[]::new))
                // Each log did what it could; its appenders know of failures, and there is nobody else to tell.
                .exceptionally(failure -> null)
                .join();
        openLogs.clear();
        recovered.clear();
        recoverLeft();
        environments.all().values().forEach(environment -> environment.journal().close());
        endOfSyncing.run();
    }
}
