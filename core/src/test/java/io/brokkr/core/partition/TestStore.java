package io.brokkr.core.partition;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.VersionConflictException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A metadata store in memory that outlives whoever uses it; commits can be held back and can fail. */
public final class TestStore implements MetadataStore {

    public final TreeMap<String, Entry> entries = new TreeMap<>();
    /** Null while commits complete at once. */
    public @Nullable ArrayDeque<Runnable> delayed;

    public boolean failing;

    @Override
    public synchronized CompletionStage<@Nullable Entry> get(String key) {
        return CompletableFuture.completedFuture(entries.get(key));
    }

    @Override
    public synchronized CompletionStage<List<Entry>> list(String prefix) {
        return CompletableFuture.completedFuture(entries.tailMap(prefix).values().stream()
                .takeWhile(entry -> entry.key().startsWith(prefix))
                .toList());
    }

    @Override
    public CompletionStage<Void> commit(List<Change> changes) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Runnable commit = () -> {
            try {
                apply(changes);
            } catch (StorageException failure) {
                end.completeExceptionally(failure);
                return;
            }
            end.complete(null);
        };
        if (delayed == null) {
            commit.run();
        } else {
            delayed.add(commit);
        }
        return end;
    }

    private synchronized void apply(List<Change> changes) {
        if (failing) {
            throw new StorageException("the store cannot be written");
        }
        for (Change change : changes) {
            long version = version(change.key());
            if (change.expectedVersion() != Change.ANY && change.expectedVersion() != version) {
                throw new VersionConflictException(change.key(), change.expectedVersion(), version);
            }
        }
        for (Change change : changes) {
            Bytes value = change.value();
            if (value == null) {
                entries.remove(change.key());
            } else {
                entries.put(change.key(), new Entry(change.key(), value, version(change.key()) + 1));
            }
        }
    }

    private long version(String key) {
        Entry entry = entries.get(key);
        return entry == null ? Change.ABSENT : entry.version();
    }

    @Override
    public Watch watch(String prefix, Watcher watcher) {
        throw new UnsupportedOperationException("nobody here watches");
    }

    @Override
    public void close() {}
}
