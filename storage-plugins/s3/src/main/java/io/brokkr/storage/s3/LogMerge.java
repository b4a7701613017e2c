package io.brokkr.storage.s3;

import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one object of many small ones, beside whoever writes and reads the log. The new one carries the present generation, and so counts before its parts from when it is there; it is always the
 * last objects that are merged, so that those behind it are of the same generation. Then the parts are deleted.
 */
final class LogMerge {

    private static final Logger LOG = LoggerFactory.getLogger(LogMerge.class);

    private final S3Log log;
    private final DataFolder folder;
    private final LogEnvironment environment;
    private final AtomicBoolean queued = new AtomicBoolean();

    LogMerge(S3Log log, DataFolder folder, LogEnvironment environment) {
        this.log = log;
        this.folder = folder;
        this.environment = environment;
    }

    /** Merges soon, if there is something to merge. */
    void begin() {
        if (!due().isEmpty() && queued.compareAndSet(false, true)) {
            environment.merges().execute(this::run);
        }
    }

    private List<DataObject> due() {
        synchronized (log) {
            return log.objects().mergeable(environment.settings().objectBytes());
        }
    }

    /** Does something while nothing is merged; waits for the merge under way. */
    synchronized void alone(Runnable change) {
        change.run();
    }

    private synchronized void run() {
        queued.set(false);
        List<DataObject> parts = due();
        if (parts.isEmpty() || !log.isWritable()) {
            return;
        }
        EncodedObject merged;
        try {
            merged = merge(parts);
            log.owner().requireCurrent();
        } catch (StorageException | InvalidRecordBatchException failure) {
            // Nothing has changed: the next object that is put is an occasion to try again.
            LOG.warn("small objects of the log {} cannot be merged: {}", log.id(), failure.getMessage());
            return;
        }
        try {
            put(merged, parts);
        } catch (StorageException failure) {
            // It may be there all the same: only the next generation knows.
            log.fail(failure);
        }
    }

    private EncodedObject merge(List<DataObject> parts) {
        List<RecordBatch> batches = new ArrayList<>();
        parts.forEach(part -> batches.addAll(folder.batchesOf(part)));
        return EncodedObject.of(
                parts.get(0).baseOffset(),
                parts.get(parts.size() - 1).endOffset(),
                log.owner(),
                batches,
                parts.stream().mapToLong(DataObject::maxTimestamp).max().orElse(RecordBatch.NO_TIMESTAMP));
    }

    private void put(EncodedObject merged, List<DataObject> parts) {
        DataObject stored = folder.put(merged);
        synchronized (log) {
            log.objects().replace(parts, List.of(stored));
        }
        log.leftovers().add(parts);
        log.leftovers().delete();
    }
}
