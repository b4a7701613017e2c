package io.brokkr.benchmarks;

import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Record batches as Kafka's producer writes them, the same for both sides of a benchmark. */
final class Batches {
    private static final int VALUE_BYTES = 1000;

    private Batches() {}

    /** One batch of 1,000-byte records that fills about so many bytes. */
    static ByteBuffer ofSize(int sizeInBytes) {
        Random random = new Random(sizeInBytes);
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(sizeInBytes + VALUE_BYTES),
                RecordBatch.MAGIC_VALUE_V2,
                Compression.NONE,
                TimestampType.CREATE_TIME,
                0,
                0,
                4711,
                (short) 0,
                0,
                false,
                0);
        byte[] value = new byte[VALUE_BYTES];
        long offset = 0;
        while (builder.estimatedSizeInBytes() + VALUE_BYTES < sizeInBytes || offset == 0) {
            random.nextBytes(value);
            builder.appendWithOffset(offset, offset, null, value);
            offset++;
        }
        return builder.build().buffer();
    }
}
