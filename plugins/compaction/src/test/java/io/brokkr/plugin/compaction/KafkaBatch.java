package io.brokkr.plugin.compaction;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.jspecify.annotations.Nullable;

/** A batch in the making, by Kafka's own builder. */
final class KafkaBatch {

    private final long baseOffset;
    private final List<Entry> entries = new ArrayList<>();
    private Compression compression = Compression.NONE;
    private long producerId = -1;
    private short epoch = -1;
    private int sequence = -1;
    private boolean transactional;

    private record Entry(long timestamp, @Nullable String key, @Nullable String value) {}

    KafkaBatch(long baseOffset) {
        this.baseOffset = baseOffset;
    }

    KafkaBatch compressed(Compression chosen) {
        compression = chosen;
        return this;
    }

    KafkaBatch producer(long id, int baseSequence, boolean inTransaction) {
        producerId = id;
        epoch = 0;
        sequence = baseSequence;
        transactional = inTransaction;
        return this;
    }

    KafkaBatch add(long timestamp, @Nullable String key, @Nullable String value) {
        entries.add(new Entry(timestamp, key, value));
        return this;
    }

    ByteBuffer build() {
        try (MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
                new ByteBufferOutputStream(512),
                RecordBatch.MAGIC_VALUE_V2,
                compression,
                TimestampType.CREATE_TIME,
                baseOffset,
                RecordBatch.NO_TIMESTAMP,
                producerId,
                epoch,
                sequence,
                transactional,
                false,
                0,
                Integer.MAX_VALUE,
                RecordBatch.NO_TIMESTAMP)) {
            for (Entry entry : entries) {
                builder.append(entry.timestamp(), bytes(entry.key()), bytes(entry.value()));
            }
            return builder.build().buffer();
        }
    }

    static ByteBuffer marker(long offset, long timestamp, long producerId, boolean commit) {
        ControlRecordType type = commit ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        return MemoryRecords.withEndTransactionMarker(
                        offset, timestamp, 0, producerId, (short) 0, new EndTransactionMarker(type, 0))
                .buffer();
    }

    static boolean isCommit(RecordBatch marker) {
        return ControlRecordType.parse(marker.iterator().next().key()) == ControlRecordType.COMMIT;
    }

    private static @Nullable ByteBuffer bytes(@Nullable String text) {
        return text == null ? null : ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? null
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
