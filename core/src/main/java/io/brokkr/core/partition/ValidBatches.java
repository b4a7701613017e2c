package io.brokkr.core.partition;

import io.brokkr.protocol.record.RecordBatch;
import java.util.List;

/**
 * Batches that may be appended.
 *
 * @param batches one or more; alone if an idempotent producer wrote it
 * @param recordCount the number of records in all of them
 * @param sizeInBytes the size of all of them
 * @param logAppendTime the timestamp that they were given, {@link RecordBatch#NO_TIMESTAMP} if they kept their own
 */
record ValidBatches(List<RecordBatch> batches, int recordCount, int sizeInBytes, long logAppendTime) {

    RecordBatch first() {
        return batches.get(0);
    }
}
