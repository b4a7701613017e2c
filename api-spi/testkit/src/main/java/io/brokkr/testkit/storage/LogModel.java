package io.brokkr.testkit.storage;

import io.brokkr.protocol.record.RecordBatch;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a log is: a list of batches, a start and an end. */
final class LogModel {

    private final List<RecordBatch> batches = new ArrayList<>();
    private long startOffset;
    private long endOffset;
    private @Nullable Replacement replacement;

    /** Batches that are to take the place of those between two offsets. */
    record Replacement(long baseOffset, long endOffset, List<RecordBatch> batches) {}

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
        if (offset > startOffset) {
            startOffset = offset;
            forgetBeforeStart();
            if (replacement != null && offset > replacement.baseOffset()) {
                replacement = null;
            }
        }
    }

    private void forgetBeforeStart() {
        batches.removeIf(batch -> batch.lastOffset() < startOffset);
    }

    void truncate(long offset) {
        if (offset < endOffset) {
            endOffset = offset;
            batches.removeIf(batch -> batch.lastOffset() >= offset);
            if (replacement != null && offset < replacement.endOffset()) {
                replacement = null;
            }
        }
    }

    void begin(Replacement begun) {
        replacement = begun;
    }

    void abandonReplacement() {
        replacement = null;
    }

    /** False if what was to be replaced was trimmed or truncated. */
    boolean commitReplacement() {
        Replacement complete = replacement;
        if (complete == null) {
            return false;
        }
        replacement = null;
        batches.removeAll(between(complete.baseOffset(), complete.endOffset()));
        batches.addAll(complete.batches());
        batches.sort(Comparator.comparingLong(RecordBatch::baseOffset));
        forgetBeforeStart();
        return true;
    }

    List<RecordBatch> between(long baseOffset, long beforeOffset) {
        return batches.stream()
                .filter(batch -> batch.baseOffset() >= baseOffset && batch.baseOffset() < beforeOffset)
                .toList();
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
