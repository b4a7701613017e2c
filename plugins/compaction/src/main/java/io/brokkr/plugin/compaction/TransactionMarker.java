package io.brokkr.plugin.compaction;

import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Iterator;

/** What a control batch says about a transaction (KIP-98). */
enum TransactionMarker {
    /** The records of the transaction count for nothing. */
    ABORT,
    /** They count. */
    COMMIT,
    /** Another control record, which is none of compaction's business. */
    NONE;

    private static final int KEY_SIZE = 4;

    /** Of a control batch, whose key is a version and a type, 16 bits each. */
    static TransactionMarker of(RecordBatch batch) {
        Iterator<Record> records = batch.records().iterator();
        ByteBuffer key = records.hasNext() ? records.next().key() : null;
        if (key == null || key.remaining() < KEY_SIZE) {
            return NONE;
        }
        return switch (key.getShort(Short.BYTES)) {
            case 0 -> ABORT;
            case 1 -> COMMIT;
            default -> NONE;
        };
    }
}
