package io.brokkr.storage.log;

import io.brokkr.spi.Metrics;
import io.brokkr.spi.storage.StorageContext;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The {@link LogEnvironment} of each data folder. It is made when it is first asked for, since a folder may be missing at the start, and its journal with it. Thread-safe. */
final class LogEnvironments {

    private final StorageContext context;
    private final OpenFiles files;
    private final Function<Path, ? extends Executor> syncing;
    private final Executor indexRebuilds;
    private final JournalSettings journalSettings;
    private final LongSupplier salts;
    private final Metrics.Timings syncTimings;
    private final Metrics.Counter tornBytes;

    /** Under the monitor. */
    private final Map<Path, LogEnvironment> made = new HashMap<>();

    LogEnvironments(
            StorageContext context,
            OpenFiles files,
            Function<Path, ? extends Executor> syncing,
            Executor indexRebuilds,
            JournalSettings journalSettings,
            LongSupplier salts) {
        this.context = context;
        this.files = files;
        this.syncing = syncing;
        this.indexRebuilds = indexRebuilds;
        this.journalSettings = journalSettings;
        this.salts = salts;
        this.syncTimings = context.metrics()
                .timings("brokkr_log_sync_seconds", "How long the device took to sync a log.", Map.of());
        this.tornBytes = context.metrics()
                .counter(
                        "brokkr_log_torn_bytes_total",
                        "Bytes behind the last whole batch that were cut off when logs were opened after a crash.",
                        Map.of());
    }

    /**
     * That of a data folder. Reads what its journal holds, if it is the first time.
     *
     * @throws io.brokkr.spi.storage.StorageException if what is there cannot be used
     */
    synchronized LogEnvironment of(Path root) {
        LogEnvironment known = made.get(root);
        if (known != null) {
            return known;
        }
        Journal journal = new Journal(root, files, journalSettings, context.clock(), salts);
        SyncQueue syncs = new SyncQueue(syncing.apply(root), journal, context.clock(), syncTimings);
        LogEnvironment environment = new LogEnvironment(
                files,
                context.clock(),
                context.scheduler(),
                syncs,
                indexRebuilds,
                new FolderCommit(files, context.scheduler().blocking()),
                journal,
                syncTimings,
                tornBytes,
                context.events());
        made.put(root, environment);
        return environment;
    }

    /** Those that have been made, by data folder. */
    synchronized Map<Path, LogEnvironment> all() {
        return Map.copyOf(made);
    }
}
