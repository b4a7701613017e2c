package io.brokkr.storage.embeddedmetadata;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.VersionConflictException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Answers from memory and writes to a {@link MetadataFile}. Commits are made by one thread at a time, which is borrowed for as long as there are any. After a write that failed
 * the next commit opens the file anew.
 */
final class EmbeddedMetadataStore implements MetadataStore {

    private static final Logger LOG = System.getLogger(EmbeddedMetadataStore.class.getName());

    private static final int LONGEST_KEY = 1024;
    private static final int LARGEST_VALUE = 1 << 20;

    private final Supplier<MetadataFile> opening;
    private final Executor blocking;
    private final Watches watches = new Watches();

    /** Guards {@link #durable}. */
    private final ReadWriteLock view = new ReentrantReadWriteLock();

    /** What is on the device. */
    private final NavigableMap<String, Entry> durable;

    /** Under the monitor. */
    private final Queue<Commit> waiting = new ArrayDeque<>();

    /** Under the monitor: whether a thread is making commits. */
    private boolean working;

    private volatile boolean closed;

    /** Replaced by who makes commits. */
    private volatile MetadataFile file;

    /** Of who makes commits: whether nobody knows what the file holds. */
    private boolean failed;

    private record Commit(List<Change> changes, CompletableFuture<Void> done) {}

    EmbeddedMetadataStore(Supplier<MetadataFile> opening, Executor blocking) {
        this.opening = opening;
        this.file = opening.get();
        this.blocking = blocking;
        this.durable = file.load();
    }

    private void requireOpen() {
        if (closed) {
            throw new StorageException("the metadata store is closed");
        }
    }

    private <T> CompletionStage<T> read(Supplier<T> reading) {
        view.readLock().lock();
        try {
            requireOpen();
            return CompletableFuture.completedStage(reading.get());
        } catch (StorageException refused) {
            return CompletableFuture.failedStage(refused);
        } finally {
            view.readLock().unlock();
        }
    }

    @Override
    public CompletionStage<@Nullable Entry> get(String key) {
        return read(() -> durable.get(key));
    }

    @Override
    public CompletionStage<List<Entry>> list(String prefix) {
        return read(() -> {
            List<Entry> found = new ArrayList<>();
            for (Map.Entry<String, Entry> entry : durable.tailMap(prefix, true).entrySet()) {
                if (!entry.getKey().startsWith(prefix)) {
                    break;
                }
                found.add(entry.getValue());
            }
            return found;
        });
    }

    @Override
    public Watch watch(String prefix, Watcher watcher) {
        return watches.add(prefix, watcher);
    }

    @Override
    public CompletionStage<Void> commit(List<Change> changes) {
        Commit commit = new Commit(List.copyOf(changes), new CompletableFuture<>());
        requireValid(commit.changes());
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedStage(new StorageException("the metadata store is closed"));
            }
            waiting.add(commit);
            if (!working) {
                working = true;
                blocking.execute(this::work);
            }
        }
        return commit.done();
    }

    private static void requireValid(List<Change> changes) {
        Set<String> keys = new HashSet<>();
        for (Change change : changes) {
            String key = change.key();
            Bytes value = change.value();
            if (key.isEmpty() || key.length() > LONGEST_KEY) {
                throw new IllegalArgumentException(
                        "a key has 1 to " + LONGEST_KEY + " characters, not " + key.length());
            }
            if (value != null && value.size() > LARGEST_VALUE) {
                throw new IllegalArgumentException("the value of " + key + " has " + value.size() + " bytes");
            }
            if (!keys.add(key)) {
                throw new IllegalArgumentException("two changes of " + key + " in one commit");
            }
        }
    }

    /** Makes commits until none is waiting. */
    private void work() {
        List<Commit> together = takeWaiting();
        while (!together.isEmpty()) {
            make(together);
            together = takeWaiting();
        }
    }

    private synchronized List<Commit> takeWaiting() {
        List<Commit> taken = new ArrayList<>(waiting);
        waiting.clear();
        if (taken.isEmpty()) {
            working = false;
            notifyAll();
        }
        return taken;
    }

    /** Makes commits durable with one access to the device, then visible, then known. */
    private void make(List<Commit> commits) {
        Map<String, @Nullable Entry> staged = new HashMap<>();
        List<Commit> accepted = new ArrayList<>();
        List<Map<String, @Nullable Entry>> outcomes = new ArrayList<>();
        for (Commit commit : commits) {
            try {
                requireWritable();
                Map<String, @Nullable Entry> outcome = apply(commit.changes(), staged);
                staged.putAll(outcome);
                accepted.add(commit);
                outcomes.add(outcome);
            } catch (StorageException refused) {
                commit.done().completeExceptionally(refused);
            }
        }
        if (!accepted.isEmpty() && write(staged, accepted)) {
            publish(staged);
            outcomes.forEach(outcome -> outcome.forEach(watches::tell));
            accepted.forEach(commit -> commit.done().complete(null));
        }
    }

    /** Of what could not be written the file may hold anything, and who wanted it was told that it failed: it gets what was durable before. */
    private void requireWritable() {
        if (failed) {
            try {
                file.abandon();
                file = opening.get();
                file.reset(durable.values());
                failed = false;
                LOG.log(Level.INFO, "the metadata in {0} can be written again", file);
            } catch (MVStoreException | StorageException cause) {
                throw unwritable(cause);
            }
        }
    }

    private StorageException unwritable(RuntimeException failure) {
        Throwable reason = failure;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return new StorageException(
                "the metadata in " + file + " cannot be written, which every change tries again: see to its disk ("
                        + reason.getMessage() + ")",
                failure);
    }

    /** What the keys of a commit hold after it, null for nothing. */
    private Map<String, @Nullable Entry> apply(List<Change> changes, Map<String, @Nullable Entry> staged) {
        Map<String, @Nullable Entry> outcome = new LinkedHashMap<>();
        for (Change change : changes) {
            String key = change.key();
            // Only this thread changes what is durable, so it may look without the lock.
            Entry present = staged.containsKey(key) ? staged.get(key) : durable.get(key);
            long version = present == null ? Change.ABSENT : present.version();
            if (change.expectedVersion() != Change.ANY && change.expectedVersion() != version) {
                throw new VersionConflictException(key, change.expectedVersion(), version);
            }
            Bytes value = change.value();
            if (value != null) {
                outcome.put(key, new Entry(key, value, version + 1));
            } else if (present != null) {
                outcome.put(key, null);
            }
        }
        return outcome;
    }

    private boolean write(Map<String, @Nullable Entry> staged, List<Commit> accepted) {
        try {
            staged.forEach(file::set);
            file.sync();
            return true;
        } catch (RuntimeException cause) {
            failed = true;
            StorageException reason = unwritable(cause);
            LOG.log(Level.ERROR, reason.getMessage());
            accepted.forEach(commit -> commit.done().completeExceptionally(reason));
            return false;
        }
    }

    private void publish(Map<String, @Nullable Entry> staged) {
        view.writeLock().lock();
        try {
            staged.forEach((key, entry) -> {
                if (entry == null) {
                    durable.remove(key);
                } else {
                    durable.put(key, entry);
                }
            });
        } finally {
            view.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        boolean interrupted = false;
        synchronized (this) {
            closed = true;
            while (working) {
                try {
                    wait();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        }
        try {
            file.close();
        } catch (MVStoreException cause) {
            // What was synced is there; only the file is as large as it was.
            file.abandon();
            LOG.log(
                    Level.WARNING,
                    "the metadata in {0} could not be made smaller at the end: {1}",
                    file,
                    cause.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
