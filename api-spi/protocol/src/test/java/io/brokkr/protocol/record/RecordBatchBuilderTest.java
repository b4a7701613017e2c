package io.brokkr.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.jspecify.annotations.Nullable;

@Domain(BatchDomain.class)
class RecordBatchBuilderTest {

    @Property
    void writesTheBytesThatKafkaWrites(@ForAll BatchSpec spec) {
        assertThat(spec.build()).isEqualTo(spec.buildWithKafka());
    }

    @Property(tries = 100)
    void writesControlBatchesAsKafkaDoes(@ForAll BatchSpec spec) {
        ByteBuffer expected = spec.buildControlWithKafka(ControlRecordType.COMMIT);
        ByteBuffer key = BatchSpec.kafkaView(expected).iterator().next().key();
        RecordBatchBuilder builder = spec.builder().control();
        spec.records().forEach(each -> builder.append(each.timestamp(), key, each.value()));

        assertThat(builder.build()).isEqualTo(expected);
    }

    @Property(tries = 200)
    void kafkaReadsWhatWasWritten(@ForAll BatchSpec spec) {
        DefaultRecordBatch read = BatchSpec.kafkaView(spec.build());

        read.ensureValid();
        assertThat(read).map(RecordSpec::of).isEqualTo(spec.records());
        assertThat(read).map(record -> record.offset() - spec.baseOffset()).isEqualTo(ascending(spec));
    }

    private static List<Long> ascending(BatchSpec spec) {
        return LongStream.range(0, spec.records().size()).boxed().toList();
    }

    @Property(tries = 200)
    void knowsItsSizeAndLeavesItsInputAlone(@ForAll BatchSpec spec) {
        RecordBatchBuilder builder = spec.builder();
        int[] positions = spec.records().stream()
                .mapToInt(each -> remaining(each.key()) + remaining(each.value()))
                .toArray();
        spec.appendTo(builder);
        int[] after = spec.records().stream()
                .mapToInt(each -> remaining(each.key()) + remaining(each.value()))
                .toArray();

        assertThat(builder.recordCount()).isEqualTo(spec.records().size());
        assertThat(after).isEqualTo(positions);
        int announced = builder.sizeInBytes();
        ByteBuffer built = builder.build();
        assertThat(built.position()).isZero();
        assertThat(built.remaining()).isEqualTo(announced).isEqualTo(built.capacity());
    }

    private static int remaining(@Nullable ByteBuffer buffer) {
        return buffer == null ? 0 : buffer.remaining();
    }

    @Example
    void aBatchNeedsARecord() {
        assertThatIllegalStateException().isThrownBy(() -> new RecordBatchBuilder().build());
    }

    @Example
    void isUsedOnce() {
        RecordBatchBuilder builder = new RecordBatchBuilder().append(1, null, null);
        builder.build();

        assertThatIllegalStateException().isThrownBy(builder::build);
        assertThatIllegalStateException().isThrownBy(() -> builder.append(1, null, null));
    }

    @Example
    void refusesImpossibleTimestamps() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordBatchBuilder().append(-2, null, null));
    }
}
