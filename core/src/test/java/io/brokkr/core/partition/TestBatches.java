package io.brokkr.core.partition;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.RecordBatches;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Batches as producers send them, and what is in those that come back. */
final class TestBatches {

    static final long TIMESTAMP = 1_700_000_000_000L;

    private TestBatches() {}

    static ByteBuffer text(String value) {
        return ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
    }

    static ByteBuffer batch(String... values) {
        return filled(new RecordBatchBuilder(), values);
    }

    static ByteBuffer idempotent(long producerId, int epoch, int sequence, String... values) {
        return filled(new RecordBatchBuilder().producer(producerId, (short) epoch, sequence), values);
    }

    static ByteBuffer filled(RecordBatchBuilder builder, String... values) {
        for (String value : values) {
            builder.append(TIMESTAMP, text("key"), text(value));
        }
        return builder.build();
    }

    static ByteBuffer at(long... timestamps) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (long timestamp : timestamps) {
            builder.append(timestamp, text("key"), text("at " + timestamp));
        }
        return builder.build();
    }

    static ByteBuffer gzip(ByteBuffer batch) {
        return RecordBatch.of(batch)
                .recompressed(Compression.GZIP, GzipCodec.CODECS, Integer.MAX_VALUE)
                .buffer();
    }

    static List<RecordBatch> batches(RecordData data) {
        try (data) {
            List<RecordBatch> batches = new ArrayList<>();
            RecordBatches.possiblyCut(data.toBuffer()).forEach(batches::add);
            return batches;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Each record as {@code offset:value}. */
    static List<String> records(RecordData data) {
        List<String> records = new ArrayList<>();
        for (RecordBatch batch : batches(data)) {
            for (Record record : batch.records()) {
                records.add(record.offset() + ":" + StandardCharsets.UTF_8.decode(record.value()));
            }
        }
        return records;
    }
}
