package io.brokkr.testkit.storage;

import io.brokkr.protocol.record.RecordBatch;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** What a log is: a list of batches, a start and an end. */
final class LogModel {

    private final List<RecordBatch> batches = new ArrayList<>();
    private long startOffset;
    private long endOffset;

    long startOffset() {
        return startOffset;
    }

    long endOffset() {
        return endOffset;
    }

    /** Those that can be read. */
    List<RecordBatch> batches() {
        return batches;
    }

    void append(RecordBatch batch) {
        batches.add(batch);
        endOffset = batch.nextOffset();
    }

    void trim(long offset) {
        startOffset = Math.max(startOffset, offset);
        batches.removeIf(batch -> batch.lastOffset() < startOffset);
    }

    void truncate(long offset) {
        if (offset < endOffset) {
            endOffset = offset;
            batches.removeIf(batch -> batch.lastOffset() >= offset);
        }
    }

    /** Everything that a read without a limit of bytes may return. */
    List<RecordBatch> visible(long offset, long beforeOffset) {
        return batches.stream()
                .filter(batch -> batch.lastOffset() >= offset && batch.baseOffset() < beforeOffset)
                .toList();
    }

    static byte[] bytes(List<RecordBatch> batches) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        batches.forEach(batch -> bytes.writeBytes(Batches.bytes(batch)));
        return bytes.toByteArray();
    }
}
