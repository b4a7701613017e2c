package io.brokkr.storage.s3;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The data objects of a log in the store, for whoever changes them. Every method waits for the store. */
final class DataFolder {

    private final LogKeys keys;
    private final ObjectStore store;
    private final BlockCache cache;
    private final LogOwner owner;

    DataFolder(LogKeys keys, ObjectStore store, BlockCache cache, LogOwner owner) {
        this.keys = keys;
        this.store = store;
        this.cache = cache;
        this.owner = owner;
    }

    /** Puts an object. It counts when this returns: the log was this process's own still. */
    DataObject put(EncodedObject encoded) {
        String key = keys.data(encoded.object());
        store.put(key, encoded.bytes());
        owner.requireCurrent();
        cache.keep(key, encoded.bytes());
        return encoded.object();
    }

    void delete(DataObject object) {
        store.delete(keys.data(object));
    }

    /** All batches of an object; the cache is left to consumers. */
    List<RecordBatch> batchesOf(DataObject object) {
        List<RecordBatch> batches = new ArrayList<>();
        int size = object.dataSizeInBytes();
        if (size > 0) {
            String key = keys.data(object);
            ByteBuffer known = cache.cached(key, 0, size);
            ByteBuffer data = known != null ? known : ByteBuffer.wrap(store.get(key, 0, size));
            RecordBatches.complete(data).forEach(batches::add);
        }
        return batches;
    }
}
