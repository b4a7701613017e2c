package io.brokkr.storage.embeddedmetadata;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.MetadataStore.Entry;
import io.brokkr.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/** The file of the entries, or what stands for one. For one thread at a time. */
final class MetadataFile {

    private static final String MAP = "entries";

    /** The layout of this file's map, which MVStore keeps for us; 0 is that of a new file. */
    private static final int LAYOUT_VERSION = 1;

    /** Everything is in memory anyway. */
    private static final int PAGE_CACHE_MEGABYTES = 1;

    /** What the end of the broker may spend on making the file smaller. */
    private static final int COMPACTION_MILLIS = 50;

    private final String name;
    private final MVStore store;
    private final MVMap<String, byte[]> map;

    private MetadataFile(String name, MVStore store) {
        this.name = name;
        this.store = store;
        this.map = store.openMap(
                MAP,
                new MVMap.Builder<String, byte[]>()
                        .keyType(StringDataType.INSTANCE)
                        .valueType(ByteArrayDataType.INSTANCE));
    }

    /**
     * Opens the file, and makes it if there is none. No thread is started.
     *
     * @throws StorageException if it cannot be used: why, and what to do
     */
    static MetadataFile open(Path path) {
        MVStore store;
        try {
            store = new MVStore.Builder()
                    .fileName(path.toString())
                    .autoCommitDisabled()
                    .cacheSize(PAGE_CACHE_MEGABYTES)
                    .open();
        } catch (MVStoreException failure) {
            throw new StorageException("the metadata in " + path + " cannot be opened: " + reason(failure), failure);
        }
        try {
            checkLayout(path, store);
            return new MetadataFile(path.toString(), store);
        } catch (MVStoreException failure) {
            store.closeImmediately();
            throw new StorageException("the metadata in " + path + " cannot be read: " + reason(failure), failure);
        } catch (StorageException refused) {
            store.closeImmediately();
            throw refused;
        }
    }

    /** One that is nowhere but in memory. */
    static MetadataFile inMemory() {
        return new MetadataFile(
                "memory", new MVStore.Builder().autoCommitDisabled().open());
    }

    private static String reason(MVStoreException failure) {
        return switch (failure.getErrorCode()) {
            case DataUtils.ERROR_FILE_LOCKED -> "another process has it open; is a broker running on this data folder?";
            case DataUtils.ERROR_UNSUPPORTED_FORMAT -> "a newer version wrote it; start the newer Brokkr that did";
            case DataUtils.ERROR_FILE_CORRUPT, DataUtils.ERROR_CHUNK_NOT_FOUND ->
                "it is damaged; restore it from a copy (" + failure.getMessage() + ")";
            default -> String.valueOf(failure.getMessage());
        };
    }

    private static void checkLayout(Path path, MVStore store) {
        int version = store.getStoreVersion();
        if (version > LAYOUT_VERSION) {
            throw new StorageException("the metadata in " + path + " has the layout " + version
                    + ", and this Brokkr knows no later one than " + LAYOUT_VERSION
                    + ": start the newer Brokkr that wrote it, or name another folder in log.dirs");
        }
        if (version == 0) {
            store.setStoreVersion(LAYOUT_VERSION);
            store.commit();
            store.sync();
        }
    }

    /** Everything in it. */
    NavigableMap<String, Entry> load() {
        NavigableMap<String, Entry> entries = new TreeMap<>();
        Cursor<String, byte[]> stored = map.cursor(null);
        while (stored.hasNext()) {
            String key = stored.next();
            ByteBuffer value = ByteBuffer.wrap(stored.getValue());
            long version = value.getLong();
            entries.put(key, new Entry(key, Bytes.copyOf(value), version));
        }
        return entries;
    }

    /** Puts or, if the entry is null, removes what belongs to a key; durable after {@link #sync}. */
    void set(String key, @Nullable Entry entry) {
        if (entry == null) {
            map.remove(key);
            return;
        }
        ByteBuffer value =
                ByteBuffer.allocate(Long.BYTES + entry.value().size()).putLong(entry.version());
        entry.value().putInto(value);
        map.put(key, value.array());
    }

    /** Replaces everything, durably; also what is there already, of which a sync may have failed that the device does not try again. */
    void reset(Collection<Entry> entries) {
        map.clear();
        entries.forEach(entry -> set(entry.key(), entry));
        sync();
    }

    /** Makes durable what was set. */
    void sync() {
        store.commit();
        store.sync();
    }

    /** Gives the file up. What was set and not synced may be there or not. */
    void close() {
        if (!store.isClosed()) {
            store.close(COMPACTION_MILLIS);
        }
    }

    /** Gives the file up without another access to it. */
    void abandon() {
        store.closeImmediately();
    }

    @Override
    public String toString() {
        return name;
    }
}
