package io.brokkr.spi.storage.simple;

import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.CorruptLogException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Takes batches up to a size and an offset. */
final class BoundedRead implements BatchStore.Reader {

    private final boolean atLeastOneBatch;
    private final long endOffset;
    private final List<ByteBuffer> taken = new ArrayList<>();
    private int bytesLeft;

    BoundedRead(int maxBytes, boolean atLeastOneBatch, long endOffset) {
        this.bytesLeft = maxBytes;
        this.atLeastOneBatch = atLeastOneBatch;
        this.endOffset = endOffset;
    }

    @Override
    public boolean take(ByteBuffer batch) {
        if (baseOffset(batch) >= endOffset) {
            return false;
        }
        boolean whole = atLeastOneBatch && taken.isEmpty();
        if (!whole && batch.remaining() > bytesLeft) {
            batch.limit(batch.position() + bytesLeft);
        }
        bytesLeft = Math.max(0, bytesLeft - batch.remaining());
        taken.add(batch);
        return bytesLeft > 0;
    }

    private static long baseOffset(ByteBuffer batch) {
        try {
            return RecordBatch.of(batch).baseOffset();
        } catch (InvalidRecordBatchException foreign) {
            throw new CorruptLogException("what is stored is no record batch: " + foreign.getMessage(), foreign);
        }
    }

    RecordData data() {
        return RecordBuffers.of(taken, () -> {});
    }
}
