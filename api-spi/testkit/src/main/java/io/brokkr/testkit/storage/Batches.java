package io.brokkr.testkit.storage;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.Random;

/** Record batches for tests, as a core would hand them to an engine: offsets, epoch and checksum are right. */
public final class Batches {

    private Batches() {}

    /** A batch of one record of 10 bytes. */
    public static RecordBatch single(long offset, long timestamp) {
        return of(offset, 1, 10, timestamp);
    }

    /**
     * A batch whose content differs from that of any other batch.
     *
     * @param recordCount 1 or more
     * @param valueSizeInBytes the size of each record's value
     * @param timestamp of its records
     */
    public static RecordBatch of(long baseOffset, int recordCount, int valueSizeInBytes, long timestamp) {
        RecordBatchBuilder builder =
                new RecordBatchBuilder().baseOffset(baseOffset).partitionLeaderEpoch(1);
        byte[] value = new byte[valueSizeInBytes];
        Random content = new Random(baseOffset * 31 + timestamp);
        for (int i = 0; i < recordCount; i++) {
            content.nextBytes(value);
            builder.append(timestamp, null, ByteBuffer.wrap(value));
        }
        return RecordBatch.of(builder.build());
    }

    /** A copy of a batch's bytes. */
    public static byte[] bytes(RecordBatch batch) {
        byte[] bytes = new byte[batch.sizeInBytes()];
        batch.buffer().get(bytes);
        return bytes;
    }
}
