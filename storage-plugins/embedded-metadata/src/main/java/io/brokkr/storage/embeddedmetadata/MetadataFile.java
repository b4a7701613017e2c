package io.brokkr.storage.embeddedmetadata;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.MetadataStore.Entry;
import io.brokkr.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
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

    /** The layout of this file's map, which MVStore keeps for us; 0 is that of a new file, and in 1 the values had no checksum. */
    private static final int LAYOUT_VERSION = 2;

    private static final int LAYOUT_WITHOUT_CHECKSUM = 1;

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
        } catch (RuntimeException | AssertionError failure) {
            throw unreadable(path.toString(), failure);
        }
        try {
            int layout = checkedLayout(path, store);
            MetadataFile file = new MetadataFile(path.toString(), store);
            if (layout != LAYOUT_VERSION) {
                store.setStoreVersion(LAYOUT_VERSION);
                file.reset(layout == LAYOUT_WITHOUT_CHECKSUM ? file.read(false).values() : List.of());
            }
            return file;
        } catch (StorageException refused) {
            store.closeImmediately();
            throw refused;
        } catch (RuntimeException | AssertionError failure) {
            store.closeImmediately();
            throw unreadable(path.toString(), failure);
        }
    }

    /** One that is nowhere but in memory. */
    static MetadataFile inMemory() {
        return new MetadataFile(
                "memory", new MVStore.Builder().autoCommitDisabled().open());
    }

    /** MVStore tells damage with exceptions of many kinds, its own and those of whatever went wrong while it read on; where Java's assertions are on, with those. */
    private static StorageException unreadable(String name, Throwable failure) {
        String reason = failure instanceof MVStoreException known ? reason(known) : damaged(failure.toString());
        return new StorageException("the metadata in " + name + " cannot be read: " + reason, failure);
    }

    private static String reason(MVStoreException failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure.getErrorCode()) {
            case DataUtils.ERROR_FILE_LOCKED -> "another process has it open; is a broker running on this data folder?";
            case DataUtils.ERROR_UNSUPPORTED_FORMAT -> "a newer version wrote it; start the newer Brokkr that did";
            case DataUtils.ERROR_FILE_CORRUPT, DataUtils.ERROR_CHUNK_NOT_FOUND -> damaged(message);
            default -> message;
        };
    }

    private static String damaged(String what) {
        return "it is damaged; restore it from a copy (" + what + ")";
    }

    private static int checkedLayout(Path path, MVStore store) {
        int version = store.getStoreVersion();
        if (version > LAYOUT_VERSION) {
            throw new StorageException("the metadata in " + path + " has the layout " + version
                    + ", and this Brokkr knows no later one than " + LAYOUT_VERSION
                    + ": start the newer Brokkr that wrote it, or name another folder in log.dirs");
        }
        return version;
    }

    /**
     * Everything in it.
     *
     * @throws StorageException if it is damaged; the file is given up then
     */
    NavigableMap<String, Entry> load() {
        try {
            return read(true);
        } catch (StorageException damaged) {
            abandon();
            throw damaged;
        }
    }

    private NavigableMap<String, Entry> read(boolean checksum) {
        NavigableMap<String, Entry> entries = new TreeMap<>();
        try {
            Cursor<String, byte[]> stored = map.cursor(null);
            while (stored.hasNext()) {
                String key = stored.next();
                ByteBuffer value = ByteBuffer.wrap(stored.getValue());
                // MVStore checks where its pages are, not what is in them: a bit that fell over could be a topic's
                // retention.
                if (checksum && value.getInt() != checksum(key, value)) {
                    throw new IllegalStateException("the entry " + key + " is not what was written");
                }
                long version = value.getLong();
                entries.put(key, new Entry(key, Bytes.copyOf(value), version));
            }
        } catch (RuntimeException | AssertionError failure) {
            throw unreadable(name, failure);
        }
        return entries;
    }

    /** CRC-32C of a key, and of a version and a value, which are what the buffer has left. */
    private static int checksum(String key, ByteBuffer versionAndValue) {
        CRC32C checksum = new CRC32C();
        checksum.update(key.getBytes(StandardCharsets.UTF_8));
        checksum.update(versionAndValue.slice());
        return (int) checksum.getValue();
    }

    /** Puts or, if the entry is null, removes what belongs to a key; durable after {@link #sync}. */
    void set(String key, @Nullable Entry entry) {
        if (entry == null) {
            map.remove(key);
            return;
        }
        ByteBuffer value =
                ByteBuffer.allocate(Integer.BYTES + Long.BYTES + entry.value().size());
        value.position(Integer.BYTES).putLong(entry.version());
        entry.value().putInto(value);
        value.putInt(0, checksum(key, value.flip().position(Integer.BYTES)));
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
