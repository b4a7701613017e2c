package io.brokkr.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** The header view and the records, against Kafka's own reading of batches that Kafka built. */
@Domain(BatchDomain.class)
@Domain(DomainContext.Global.class)
class RecordBatchTest {

    @Property
    void readsTheHeadersThatKafkaReads(
            @ForAll BatchSpec spec,
            @ForAll CompressionType codec,
            @ForAll io.brokkr.protocol.record.TimestampType type,
            @ForAll @LongRange(min = -1, max = 2_000_000_000_000L) long deleteHorizon) {
        ByteBuffer bytes = spec.buildWithKafka(
                Compression.of(codec).build(), TimestampType.valueOf(type.name()), 1_700_000_000_000L, deleteHorizon);

        RecordBatch batch = RecordBatch.of(bytes);

        assertSameHeader(batch, BatchSpec.kafkaView(bytes));
        assertThat(batch.hasDeleteHorizon()).isEqualTo(deleteHorizon >= 0);
        assertThat(batch.isCrcValid()).isTrue();
        batch.verify();
        assertThat(batch.buffer()).isEqualTo(bytes);
    }

    private static void assertSameHeader(RecordBatch ours, DefaultRecordBatch kafkas) {
        assertThat(ours.sizeInBytes()).isEqualTo(kafkas.sizeInBytes());
        assertThat(ours.baseOffset()).isEqualTo(kafkas.baseOffset());
        assertThat(ours.lastOffset()).isEqualTo(kafkas.lastOffset());
        assertThat(ours.nextOffset()).isEqualTo(kafkas.nextOffset());
        assertThat(ours.lastOffsetDelta()).isEqualTo((int) (kafkas.lastOffset() - kafkas.baseOffset()));
        assertThat(ours.partitionLeaderEpoch()).isEqualTo(kafkas.partitionLeaderEpoch());
        assertThat(ours.crc()).isEqualTo(kafkas.checksum());
        assertThat(ours.compression()).hasToString(kafkas.compressionType().name());
        assertThat(ours.timestampType()).hasToString(kafkas.timestampType().name());
        assertThat(ours.isTransactional()).isEqualTo(kafkas.isTransactional());
        assertThat(ours.isControl()).isEqualTo(kafkas.isControlBatch());
        assertThat(ours.hasDeleteHorizon()).isEqualTo(kafkas.deleteHorizonMs().isPresent());
        assertThat(ours.baseTimestamp()).isEqualTo(kafkas.baseTimestamp());
        assertThat(ours.maxTimestamp()).isEqualTo(kafkas.maxTimestamp());
        assertThat(ours.hasProducerId()).isEqualTo(kafkas.hasProducerId());
        assertThat(ours.producerId()).isEqualTo(kafkas.producerId());
        assertThat(ours.producerEpoch()).isEqualTo(kafkas.producerEpoch());
        assertThat(ours.baseSequence()).isEqualTo(kafkas.baseSequence());
        assertThat(ours.lastSequence()).isEqualTo(kafkas.lastSequence());
        assertThat(ours.recordCount()).isEqualTo(kafkas.countOrNull());
    }

    @Property
    void readsTheRecordsThatKafkaWrote(@ForAll BatchSpec spec) {
        RecordBatch batch = RecordBatch.of(spec.buildWithKafka());

        assertThat(batch.records()).map(RecordSpec::of).isEqualTo(spec.records());
        assertThat(batch.records())
                .map(Record::offset)
                .startsWith(batch.baseOffset())
                .endsWith(batch.lastOffset())
                .hasSize(batch.recordCount());
        assertThat(batch.records()).allMatch(each -> each.hasKey() == (each.key() != null));
        assertThat(batch.records()).allMatch(each -> each.hasValue() == (each.value() != null));
    }

    @Property(tries = 100)
    void readsTheRecordsThatSomebodyDecompressed(@ForAll BatchSpec spec, @ForAll CompressionType codec) {
        ByteBuffer bytes = spec.buildWithKafka(Compression.of(codec).build(), TimestampType.CREATE_TIME, -1, -1);
        RecordBatch batch = RecordBatch.of(bytes);

        assertThat(batch.recordsIn(decompressed(bytes))).map(RecordSpec::of).isEqualTo(spec.records());
    }

    private static ByteBuffer decompressed(ByteBuffer batch) {
        try (InputStream stream = BatchSpec.kafkaView(batch).recordInputStream(BufferSupplier.NO_CACHING)) {
            return ByteBuffer.wrap(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Property(tries = 100)
    void givesAllRecordsTheAppendTime(@ForAll BatchSpec spec, @ForAll @LongRange(min = 0) long appendTime) {
        ByteBuffer bytes = spec.buildWithKafka(Compression.NONE, TimestampType.LOG_APPEND_TIME, appendTime, -1);

        List<RecordSpec> expected = spec.records().stream()
                .map(each -> each.withTimestamp(appendTime))
                .toList();
        assertThat(RecordBatch.of(bytes).records()).map(RecordSpec::of).isEqualTo(expected);
    }

    @Property(tries = 200)
    void patchesOffsetAndEpochAsKafkaDoes(
            @ForAll BatchSpec spec,
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 2) long offset,
            @ForAll int epoch) {
        ByteBuffer ours = spec.buildWithKafka();
        ByteBuffer kafkas = copy(ours);
        RecordBatch batch = RecordBatch.of(ours);

        batch.setBaseOffset(offset);
        batch.setPartitionLeaderEpoch(epoch);
        DefaultRecordBatch kafkasView = BatchSpec.kafkaView(kafkas);
        kafkasView.setLastOffset(offset + spec.records().size() - 1);
        kafkasView.setPartitionLeaderEpoch(epoch);

        assertThat(ours).isEqualTo(kafkas);
        assertThat(batch.isCrcValid()).isTrue();
        assertThat(batch.baseOffset()).isEqualTo(offset);
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(epoch);
    }

    @Property(tries = 200)
    void patchesTimestampsAsKafkaDoes(
            @ForAll BatchSpec spec,
            @ForAll io.brokkr.protocol.record.TimestampType type,
            @ForAll @LongRange(min = -1) long timestamp) {
        ByteBuffer ours = spec.buildWithKafka();
        ByteBuffer kafkas = copy(ours);

        RecordBatch.of(ours).setMaxTimestamp(type, timestamp);
        BatchSpec.kafkaView(kafkas).setMaxTimestamp(TimestampType.valueOf(type.name()), timestamp);

        assertThat(ours).isEqualTo(kafkas);
        assertThat(RecordBatch.of(ours).isCrcValid()).isTrue();
        assertThat(RecordBatch.of(ours).timestampType()).isEqualTo(type);
        assertThat(RecordBatch.of(ours).maxTimestamp()).isEqualTo(timestamp);
    }

    @Property(tries = 100)
    void readsAnyKindOfBufferAndLeavesItAsItWas(@ForAll BatchSpec spec) {
        ByteBuffer heap = spec.buildWithKafka();
        ByteBuffer direct = ByteBuffer.allocateDirect(heap.remaining() + 20).position(7);
        direct.put(heap.duplicate()).flip().position(7).order(ByteOrder.LITTLE_ENDIAN);

        for (ByteBuffer each : List.of(direct, direct.asReadOnlyBuffer(), heap.asReadOnlyBuffer())) {
            RecordBatch batch = RecordBatch.of(each);
            batch.verify();
            assertSameHeader(batch, BatchSpec.kafkaView(heap));
            assertThat(batch.records()).map(RecordSpec::of).isEqualTo(spec.records());
            assertThat(each.remaining()).isEqualTo(heap.remaining());
        }
        assertThat(direct.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Property(tries = 100)
    void valuesAreViewsOfTheBatch(@ForAll BatchSpec spec) {
        for (Record each : RecordBatch.of(spec.build()).records()) {
            ByteBuffer value = each.value();
            if (value != null && value.hasRemaining()) {
                value.put(0, (byte) ~value.get(0));
                assertThat(each.value()).isEqualTo(value);
            }
        }
    }

    @Example
    void sequencesWrapAroundToZero() {
        ByteBuffer bytes = new RecordBatchBuilder()
                .producer(1, (short) 0, Integer.MAX_VALUE)
                .append(0, null, null)
                .append(0, null, null)
                .append(0, null, null)
                .build();

        assertThat(RecordBatch.of(bytes).lastSequence()).isEqualTo(1);
        assertThat(BatchSpec.kafkaView(bytes).lastSequence()).isEqualTo(1);
    }

    /** The maximum timestamp of some clients is missing although the records have timestamps. */
    @Example
    void aMissingMaximumTimestampIsTakenAsItIs() {
        ByteBuffer bytes = new RecordBatchBuilder()
                .append(1_000, null, ByteBuffer.allocate(3))
                .append(2_000, null, ByteBuffer.allocate(3))
                .build();
        RecordBatch batch = RecordBatch.of(bytes);
        batch.setMaxTimestamp(io.brokkr.protocol.record.TimestampType.CREATE_TIME, RecordBatch.NO_TIMESTAMP);

        batch.verify();
        batch.validateAsProduced();
        assertThat(batch.maxTimestamp()).isEqualTo(-1);
        assertThat(batch.records()).map(Record::timestamp).containsExactly(1_000L, 2_000L);

        batch.setMaxTimestamp(io.brokkr.protocol.record.TimestampType.LOG_APPEND_TIME, 5_000);
        batch.verify();
        assertThat(batch.records()).map(Record::timestamp).containsExactly(5_000L, 5_000L);
    }

    private static ByteBuffer copy(ByteBuffer buffer) {
        return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
    }
}
