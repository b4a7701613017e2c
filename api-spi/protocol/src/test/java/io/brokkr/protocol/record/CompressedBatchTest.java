package io.brokkr.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.brokkr.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.apache.kafka.common.record.TimestampType;

/** Compressed batches: written, read and compressed anew, with Kafka's own classes on the other side. */
@Domain(BatchDomain.class)
@Domain(DomainContext.Global.class)
class CompressedBatchTest {

    private static final int UNLIMITED = 64 << 20;

    private static List<RecordSpec> read(RecordBatch batch) {
        List<RecordSpec> all = new ArrayList<>();
        try (RecordStream records = RecordStream.open(batch, KafkaCodecs.ALL)) {
            while (records.hasNext()) {
                RecordSpec next = RecordSpec.of(records.next());
                all.add(new RecordSpec(
                        next.timestamp(),
                        copy(next.key()),
                        copy(next.value()),
                        next.headers().stream()
                                .map(header -> new RecordHeader(header.key(), copy(header.value())))
                                .toList()));
            }
        }
        return all;
    }

    /** Views are valid until the next record is asked for. */
    private static ByteBuffer copy(ByteBuffer view) {
        return view == null
                ? null
                : ByteBuffer.allocate(view.remaining()).put(view).flip();
    }

    @Property(tries = 100)
    void readsWhatKafkaCompressed(@ForAll BatchSpec spec, @ForAll Compression compression) {
        ByteBuffer bytes = spec.buildWithKafka(KafkaCodecs.kafka(compression), TimestampType.CREATE_TIME, -1, -1);
        assertThat(read(RecordBatch.of(bytes))).isEqualTo(spec.records());
    }

    @Property(tries = 100)
    void kafkaReadsWhatTheBuilderCompressed(@ForAll BatchSpec spec, @ForAll Compression compression) {
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, KafkaCodecs.ALL, UNLIMITED)
                .baseOffset(spec.baseOffset())
                .producer(spec.producerId(), spec.producerEpoch(), spec.baseSequence());
        ByteBuffer bytes = spec.appendTo(builder).build();

        org.apache.kafka.common.record.internal.DefaultRecordBatch view = BatchSpec.kafkaView(bytes);
        view.ensureValid();
        List<RecordSpec> kafkas = new ArrayList<>();
        view.forEach(each -> kafkas.add(RecordSpec.of(each)));
        assertThat(kafkas).isEqualTo(spec.records());
        assertThat(view.compressionType().id).isEqualTo((byte) compression.code());
        assertThat(view.baseOffset()).isEqualTo(spec.baseOffset());
        assertThat(view.producerId()).isEqualTo(spec.producerId());
    }

    @Property(tries = 100)
    void anotherCompressionChangesNothingElse(
            @ForAll BatchSpec spec, @ForAll Compression from, @ForAll Compression to) {
        RecordBatch batch =
                RecordBatch.of(spec.buildWithKafka(KafkaCodecs.kafka(from), TimestampType.CREATE_TIME, -1, -1));
        RecordBatch other = batch.recompressed(to, KafkaCodecs.ALL, UNLIMITED);

        other.verify();
        assertThat(other.compression()).isEqualTo(to);
        assertThat(read(other)).isEqualTo(spec.records());
        RecordBatch back = other.recompressed(from, KafkaCodecs.ALL, UNLIMITED);
        assertThat(back.buffer().limit(RecordBatch.HEADER_SIZE).slice(RecordBatch.ATTRIBUTES_POSITION, 40))
                .isEqualTo(batch.buffer().limit(RecordBatch.HEADER_SIZE).slice(RecordBatch.ATTRIBUTES_POSITION, 40));
        assertThat(read(back)).isEqualTo(spec.records());
    }

    @Property(tries = 300)
    void anyBytesAreRefusedWithTheOneException(
            @ForAll BatchSpec spec, @ForAll Compression compression, @ForAll @IntRange(max = 1_000_000) int seed) {
        ByteBuffer bytes = spec.buildWithKafka(KafkaCodecs.kafka(compression), TimestampType.CREATE_TIME, -1, -1);
        Random random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            bytes.put(RecordBatch.HEADER_SIZE + random.nextInt(bytes.limit() - RecordBatch.HEADER_SIZE), (byte)
                    random.nextInt());
        }
        try {
            read(RecordBatch.of(bytes));
        } catch (InvalidRecordBatchException declared) {
            assertThat(declared.errorCode()).isIn(ErrorCode.INVALID_RECORD, ErrorCode.MESSAGE_TOO_LARGE);
        }
    }

    @Example
    void aBatchThatGrowsTooLargeIsRefused() {
        RecordBatch batch = RecordBatch.of(new RecordBatchBuilder(Compression.GZIP, KafkaCodecs.ALL, UNLIMITED)
                .append(1, null, ByteBuffer.allocate(100_000))
                .build());
        InvalidRecordBatchException refusal = catchThrowableOfType(
                InvalidRecordBatchException.class, () -> batch.recompressed(Compression.NONE, KafkaCodecs.ALL, 99_000));
        assertThat(refusal.errorCode()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    /** Records small enough to be read one by one for ever. */
    @Example
    void aBombIsRefused() {
        RecordBatchBuilder bomb = new RecordBatchBuilder(Compression.ZSTD, KafkaCodecs.ALL, UNLIMITED);
        for (int i = 0; i < 40; i++) {
            bomb.append(1, null, ByteBuffer.allocate(1 << 20));
        }
        RecordBatch batch = RecordBatch.of(bomb.build());
        InvalidRecordBatchException refusal =
                catchThrowableOfType(InvalidRecordBatchException.class, () -> read(batch));
        assertThat(refusal.errorCode()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }
}
