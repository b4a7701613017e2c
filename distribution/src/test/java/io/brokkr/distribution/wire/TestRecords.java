package io.brokkr.distribution.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records as producers write them: by Kafka's own builders, or laid out by hand.
 *
 * <pre>
 *   batch of magic 2     0 base offset   8 length  12 leader epoch  16 magic  17 checksum  21 attributes  23 last offset delta  27 base timestamp
 *                       35 maximum timestamp  43 producer id  51 producer epoch  53 base sequence  57 count  61 records
 *   message of magic 1   0 offset        8 length  12 checksum      16 magic  17 attributes  18 timestamp (magic 1 alone)  key  value
 * </pre>
 */
final class TestRecords {

    static final int LEADER_EPOCH = 12;
    static final int MAGIC = 16;
    static final int BATCH_CHECKSUM = 17;
    static final int BATCH_ATTRIBUTES = 21;
    static final int MAX_TIMESTAMP = 35;
    static final int MESSAGE_CHECKSUM = 12;
    static final int MESSAGE_OVERHEAD = 12;

    static final byte GZIP = 1;
    static final byte SNAPPY = 2;
    static final byte LZ4 = 3;
    static final byte ZSTD = 4;

    /** Of the first record of each batch; the others follow a millisecond apart. */
    static final long TIME = System.currentTimeMillis();

    private TestRecords() {}

    /** A batch of records with the key «k». */
    static ByteBuffer batch(Compression compression, String... values) {
        return MemoryRecords.withRecords(compression, records("k", values)).buffer();
    }

    static ByteBuffer batch(String... values) {
        return batch(Compression.NONE, values);
    }

    static ByteBuffer keyless(String... values) {
        return MemoryRecords.withRecords(Compression.NONE, records(null, values))
                .buffer();
    }

    static ByteBuffer idempotent(long producerId, int sequence) {
        return MemoryRecords.withIdempotentRecords(
                        Compression.NONE, producerId, (short) 0, sequence, records("k", "v" + sequence))
                .buffer();
    }

    private static SimpleRecord[] records(@Nullable String key, String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(
                    TIME + i,
                    key == null ? null : bytesOf(key).array(),
                    bytesOf(values[i]).array());
        }
        return records;
    }

    /** Gives a batch of magic 2 the checksum of what it now holds. */
    static ByteBuffer sealBatch(ByteBuffer batch) {
        CRC32C checksum = new CRC32C();
        checksum.update(batch.slice(BATCH_ATTRIBUTES, batch.limit() - BATCH_ATTRIBUTES));
        return batch.putInt(BATCH_CHECKSUM, (int) checksum.getValue());
    }

    /** A message set of the format 0 or 1 with the key «k», as Kafka's old clients wrote it. */
    static ByteBuffer messageSet(int magic, Compression compression, String... values) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(512),
                (byte) magic,
                compression,
                magic == 0 ? TimestampType.NO_TIMESTAMP_TYPE : TimestampType.CREATE_TIME,
                0);
        for (int i = 0; i < values.length; i++) {
            builder.append(
                    magic == 0 ? -1 : TIME + i,
                    bytesOf("k").array(),
                    bytesOf(values[i]).array());
        }
        return builder.build().buffer();
    }

    /** A message without a key; a wrapper, if the attributes name a compression and the value is compressed. */
    static ByteBuffer message(int magic, int attributes, ByteBuffer value) {
        WireBytes checked = new WireBytes().int8(magic).int8(attributes);
        if (magic > 0) {
            checked.int64(TIME);
        }
        ByteBuffer content = checked.bytes(null).bytes(value).toBuffer();
        CRC32 checksum = new CRC32();
        checksum.update(content.duplicate());
        return new WireBytes()
                .int64(0)
                .int32(Integer.BYTES + content.remaining())
                .int32((int) checksum.getValue())
                .raw(content)
                .toBuffer();
    }

    /** A record as a consumer sees it. */
    record Seen(int magic, long offset, @Nullable String value) {}

    /** Has Kafka read the records of a fetch response, and check them. */
    static List<Seen> seen(ByteBuffer records) {
        List<Seen> all = new ArrayList<>();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(records).batches()) {
            batch.ensureValid();
            for (Record record : batch) {
                ByteBuffer value = record.value();
                all.add(new Seen(
                        batch.magic(),
                        record.offset(),
                        value == null
                                ? null
                                : StandardCharsets.UTF_8.decode(value).toString()));
            }
        }
        return all;
    }

    static List<String> values(ByteBuffer records) {
        return seen(records).stream().map(Seen::value).toList();
    }

    static List<Long> offsets(ByteBuffer records) {
        return seen(records).stream().map(Seen::offset).toList();
    }

    private static ByteBuffer bytesOf(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
