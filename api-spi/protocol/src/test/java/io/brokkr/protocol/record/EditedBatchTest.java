package io.brokkr.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;

/** Batches in which some records get other values and headers, read by Kafka's classes. */
@Domain(BatchDomain.class)
@Domain(DomainContext.Global.class)
class EditedBatchTest {

    private static final int UNLIMITED = 64 << 20;

    private static ByteBuffer kafkas(BatchSpec spec, Compression compression, long deleteHorizon) {
        return spec.buildWithKafka(KafkaCodecs.kafka(compression), TimestampType.CREATE_TIME, -1, deleteHorizon);
    }

    private static List<RecordSpec> read(DefaultRecordBatch batch) {
        List<RecordSpec> records = new ArrayList<>();
        batch.forEach(record -> records.add(RecordSpec.of(record)));
        return records;
    }

    @Property(tries = 200)
    void anEditorThatChangesNothingChangesNoByte(@ForAll BatchSpec spec, @ForAll Compression compression) {
        ByteBuffer bytes = kafkas(spec, compression, -1);
        ByteBuffer before =
                ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
        RecordBatch batch = RecordBatch.of(bytes);
        List<Long> shown = new ArrayList<>();

        RecordBatch same = batch.edited(
                record -> {
                    shown.add(record.offset() - spec.baseOffset());
                    return null;
                },
                KafkaCodecs.ALL,
                UNLIMITED);

        assertThat(same).isSameAs(batch);
        assertThat(bytes).isEqualTo(before);
        assertThat(shown).hasSize(spec.records().size()).isSorted();
    }

    /** What is written is what Kafka writes of the changed records, with the header that came. */
    @Property(tries = 300)
    void kafkaReadsTheChangedRecordsAndEverythingElseAsItWas(
            @ForAll BatchSpec spec,
            @ForAll Compression compression,
            @ForAll boolean hasHorizon,
            @ForAll BatchSpec contents,
            @ForAll long bits) {
        RecordBatch batch = RecordBatch.of(kafkas(spec, compression, hasHorizon ? 1_700_000_000_000L : -1));
        List<RecordSpec> expected = new ArrayList<>();
        for (int i = 0; i < spec.records().size(); i++) {
            RecordSpec old = spec.records().get(i);
            RecordSpec other = contents.records().get(i % contents.records().size());
            expected.add(
                    isChanged(bits, i)
                            ? new RecordSpec(old.timestamp(), old.key(), other.value(), other.headers())
                            : old);
        }

        RecordBatch edited = batch.edited(
                record -> {
                    int index = (int) (record.offset() - spec.baseOffset());
                    RecordSpec to = expected.get(index);
                    return isChanged(bits, index) ? new RecordContent(to.value(), to.headers()) : null;
                },
                KafkaCodecs.ALL,
                UNLIMITED);

        DefaultRecordBatch seen = BatchSpec.kafkaView(edited.buffer());
        seen.ensureValid();
        assertThat(read(seen)).isEqualTo(expected);
        assertThat(headerOf(edited)).isEqualTo(headerOf(batch));
        if (compression == Compression.NONE && !hasHorizon) {
            BatchSpec whole = new BatchSpec(
                    spec.baseOffset(),
                    spec.leaderEpoch(),
                    spec.producerId(),
                    spec.producerEpoch(),
                    spec.baseSequence(),
                    spec.transactional(),
                    expected);
            assertThat(edited.buffer()).isEqualTo(whole.buildWithKafka());
        }
    }

    private static boolean isChanged(long bits, int index) {
        return (bits >>> (index % Long.SIZE) & 1) == 1;
    }

    /** All of it but length and checksum. */
    private static List<ByteBuffer> headerOf(RecordBatch batch) {
        ByteBuffer header = batch.buffer().limit(RecordBatch.HEADER_SIZE);
        return List.of(
                header.slice(0, RecordBatch.LENGTH_POSITION),
                header.slice(
                        RecordBatch.PARTITION_LEADER_EPOCH_POSITION,
                        RecordBatch.CRC_POSITION - RecordBatch.PARTITION_LEADER_EPOCH_POSITION),
                header.slice(
                        RecordBatch.ATTRIBUTES_POSITION, RecordBatch.HEADER_SIZE - RecordBatch.ATTRIBUTES_POSITION));
    }

    /** An editor gives views of the record that it is shown, which are gone with the next one where the batch is compressed. */
    @Property(tries = 100)
    void whatIsGivenMayBeMadeOfViewsOfTheRecord(@ForAll BatchSpec spec, @ForAll Compression compression) {
        RecordBatch batch = RecordBatch.of(kafkas(spec, compression, -1));

        RecordBatch edited = batch.edited(
                record -> {
                    List<RecordHeader> reversed = new ArrayList<>(record.headers());
                    Collections.reverse(reversed);
                    return new RecordContent(record.key(), reversed);
                },
                KafkaCodecs.ALL,
                UNLIMITED);

        List<RecordSpec> expected = new ArrayList<>();
        for (RecordSpec each : spec.records()) {
            List<RecordHeader> reversed = new ArrayList<>(each.headers());
            Collections.reverse(reversed);
            expected.add(new RecordSpec(each.timestamp(), each.key(), each.key(), reversed));
        }
        assertThat(read(BatchSpec.kafkaView(edited.buffer()))).isEqualTo(expected);
    }

    @Property(tries = 100)
    void aResultThatIsTooLargeIsRefused(@ForAll BatchSpec spec, @ForAll Compression compression) {
        RecordBatch batch = RecordBatch.of(kafkas(spec, compression, -1));
        byte[] noise = new byte[1000];
        new Random(spec.records().size()).nextBytes(noise);

        assertThatThrownBy(() -> batch.edited(
                        record -> new RecordContent(ByteBuffer.wrap(noise), List.of()), KafkaCodecs.ALL, 900))
                .isInstanceOfSatisfying(InvalidRecordBatchException.class, refusal -> assertThat(refusal.errorCode())
                        .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE));
    }

    @Property(tries = 20)
    void anEditorThatFailsIsHeard(@ForAll BatchSpec spec, @ForAll Compression compression) {
        RecordBatch batch = RecordBatch.of(kafkas(spec, compression, -1));
        IllegalStateException bug = new IllegalStateException("a bug");
        int last = spec.records().size() - 1;

        assertThatThrownBy(() -> batch.edited(
                        record -> {
                            if (record.offset() - spec.baseOffset() == last) {
                                throw bug;
                            }
                            return new RecordContent(record.value(), List.of());
                        },
                        KafkaCodecs.ALL,
                        UNLIMITED))
                .isSameAs(bug);
    }
}
