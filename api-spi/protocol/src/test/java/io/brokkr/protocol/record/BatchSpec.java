package io.brokkr.protocol.record;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** What a batch is to hold, and how Kafka's builder and ours are asked for it. */
record BatchSpec(
        long baseOffset,
        int leaderEpoch,
        long producerId,
        short producerEpoch,
        int baseSequence,
        boolean transactional,
        List<RecordSpec> records) {

    /** Written by the builder under test. */
    ByteBuffer build() {
        return appendTo(builder()).build();
    }

    RecordBatchBuilder builder() {
        RecordBatchBuilder builder = new RecordBatchBuilder()
                .baseOffset(baseOffset)
                .partitionLeaderEpoch(leaderEpoch)
                .producer(producerId, producerEpoch, baseSequence);
        return transactional ? builder.transactional() : builder;
    }

    RecordBatchBuilder appendTo(RecordBatchBuilder builder) {
        for (RecordSpec each : records) {
            builder.append(each.timestamp(), each.key(), each.value(), each.headers());
        }
        return builder;
    }

    /** Written by Kafka's builder, as a producer would. */
    ByteBuffer buildWithKafka() {
        return buildWithKafka(Compression.NONE, TimestampType.CREATE_TIME, -1, -1);
    }

    /** Written by Kafka's builder with things that ours does not do. */
    ByteBuffer buildWithKafka(
            Compression compression, TimestampType timestampType, long logAppendTime, long deleteHorizon) {
        try (MemoryRecordsBuilder builder =
                kafkaBuilder(compression, timestampType, logAppendTime, deleteHorizon, false)) {
            for (RecordSpec each : records) {
                builder.append(each.timestamp(), each.key(), each.value(), each.kafkaHeaders());
            }
            return builder.build().buffer();
        }
    }

    /** A batch of control records written by Kafka's builder: the keys are the type's. */
    ByteBuffer buildControlWithKafka(ControlRecordType type) {
        try (MemoryRecordsBuilder builder = kafkaBuilder(Compression.NONE, TimestampType.CREATE_TIME, -1, -1, true)) {
            for (RecordSpec each : records) {
                builder.appendControlRecord(each.timestamp(), type, each.value());
            }
            return builder.build().buffer();
        }
    }

    private MemoryRecordsBuilder kafkaBuilder(
            Compression compression,
            TimestampType timestampType,
            long logAppendTime,
            long deleteHorizon,
            boolean control) {
        return new MemoryRecordsBuilder(
                new ByteBufferOutputStream(64),
                RecordBatch.MAGIC_VALUE_V2,
                compression,
                timestampType,
                baseOffset,
                logAppendTime,
                producerId,
                producerEpoch,
                baseSequence,
                transactional,
                control,
                leaderEpoch,
                64,
                deleteHorizon);
    }

    /** Kafka's view of one batch. */
    static DefaultRecordBatch kafkaView(ByteBuffer batch) {
        return (DefaultRecordBatch) MemoryRecords.readableRecords(batch.duplicate())
                .batches()
                .iterator()
                .next();
    }
}
