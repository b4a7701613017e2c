package io.brokkr.testkit;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.VersionConflictException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/** A metadata store that keeps everything in memory, for as long as the store object lives; every stage is complete at once. Thread-safe. */
public final class MemoryMetadataStore implements MetadataStore {

    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final Set<Watching> watches = new CopyOnWriteArraySet<>();
    private boolean closed;

    private record Watching(String prefix, Watcher watcher) {}

    /** The entry of a plugin that opens one and the same store, however often the broker starts. */
    public static final class Factory implements MetadataStoreFactory {

        private final MemoryMetadataStore store = new MemoryMetadataStore();

        /** With an empty store. */
        public Factory() {}

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public MetadataStore open(StorageContext context) {
            store.reopen();
            return store;
        }
    }

    /** An empty one. */
    public MemoryMetadataStore() {}

    private synchronized void reopen() {
        closed = false;
    }

    @Override
    public synchronized CompletionStage<@Nullable Entry> get(String key) {
        return closed ? refused() : CompletableFuture.completedStage(entries.get(key));
    }

    @Override
    public synchronized CompletionStage<List<Entry>> list(String prefix) {
        if (closed) {
            return refused();
        }
        return CompletableFuture.completedStage(entries.tailMap(prefix).values().stream()
                .takeWhile(entry -> entry.key().startsWith(prefix))
                .toList());
    }

    /** Watchers are told under the lock, so that they see the versions of a key in their order. */
    @Override
    public synchronized CompletionStage<Void> commit(List<Change> changes) {
        if (closed) {
            return refused();
        }
        for (Change change : changes) {
            long version = versionOf(change.key());
            if (change.expectedVersion() != Change.ANY && change.expectedVersion() != version) {
                return CompletableFuture.failedStage(
                        new VersionConflictException(change.key(), change.expectedVersion(), version));
            }
        }
        changes.forEach(this::apply);
        return CompletableFuture.completedStage(null);
    }

    private void apply(Change change) {
        Bytes value = change.value();
        Entry entry = value == null ? null : new Entry(change.key(), value, versionOf(change.key()) + 1);
        if (entry == null) {
            entries.remove(change.key());
        } else {
            entries.put(change.key(), entry);
        }
        for (Watching watching : watches) {
            if (change.key().startsWith(watching.prefix())) {
                tell(watching.watcher(), change.key(), entry);
            }
        }
    }

    /** A watcher that fails harms neither the others nor the commit. */
    private static void tell(Watcher watcher, String key, @Nullable Entry entry) {
        try {
            watcher.changed(key, entry);
        } catch (RuntimeException failure) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        }
    }

    private long versionOf(String key) {
        Entry entry = entries.get(key);
        return entry == null ? Change.ABSENT : entry.version();
    }

    @Override
    public Watch watch(String prefix, Watcher watcher) {
        Watching watching = new Watching(prefix, watcher);
        watches.add(watching);
        return () -> watches.remove(watching);
    }

    @Override
    public synchronized void close() {
        closed = true;
        watches.clear();
    }

    private static <T> CompletionStage<T> refused() {
        return CompletableFuture.failedStage(new StorageException("the metadata store is closed"));
    }
}
