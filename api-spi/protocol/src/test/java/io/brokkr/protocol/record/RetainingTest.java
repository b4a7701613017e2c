package io.brokkr.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.OptionalLong;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** Batches of which some records stay, byte for byte as Kafka's own filter writes them. */
@Domain(BatchDomain.class)
@Domain(DomainContext.Global.class)
class RetainingTest {

    private static final long NOW = 1_700_000_000_000L;

    /** Keeps what the bits say; as in Kafka's broker, which then gives a batch with deletions a horizon. */
    private static final class KafkaFilter extends MemoryRecords.RecordFilter {

        private final BitSet kept;
        private final long baseOffset;

        KafkaFilter(BitSet kept, long baseOffset, long deleteRetention) {
            super(NOW, deleteRetention);
            this.kept = kept;
            this.baseOffset = baseOffset;
        }

        @Override
        protected BatchRetentionResult checkBatchRetention(org.apache.kafka.common.record.internal.RecordBatch batch) {
            return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
        }

        @Override
        protected boolean shouldRetainRecord(
                org.apache.kafka.common.record.internal.RecordBatch batch,
                org.apache.kafka.common.record.internal.Record record) {
            return kept.get((int) (record.offset() - baseOffset));
        }
    }

    @Property(tries = 300)
    void writesWhatKafkasFilterWrites(
            @ForAll BatchSpec spec,
            @ForAll Compression compression,
            @ForAll boolean logAppendTime,
            @ForAll boolean hasHorizon,
            @ForAll @LongRange(max = 1_000_000_000) long deleteRetention,
            @ForAll long bits) {
        ByteBuffer bytes = spec.buildWithKafka(
                KafkaCodecs.kafka(compression),
                logAppendTime ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                logAppendTime ? NOW : -1,
                hasHorizon ? NOW - 7 : -1);
        BitSet kept = BitSet.valueOf(new long[] {bits, ~bits});
        kept.clear(spec.records().size(), Math.max(spec.records().size(), kept.length()));
        boolean deletions =
                kept.stream().anyMatch(index -> spec.records().get(index).value() == null);
        OptionalLong horizon = deletions && !hasHorizon ? OptionalLong.of(NOW + deleteRetention) : OptionalLong.empty();

        // Where nothing changes Kafka writes no batch anew, and neither does whoever asks for one here.
        Assume.that(kept.cardinality() < spec.records().size() || horizon.isPresent());

        RecordBatch ours = RecordBatch.of(bytes)
                .retaining(record -> kept.get((int) (record.offset() - spec.baseOffset())), horizon, KafkaCodecs.ALL);

        ByteBuffer target = ByteBuffer.allocate(64);
        MemoryRecords.FilterResult result = MemoryRecords.readableRecords(bytes.duplicate())
                .filterTo(
                        new KafkaFilter(kept, spec.baseOffset(), deleteRetention),
                        target,
                        BufferSupplier.NO_CACHING,
                        Integer.MAX_VALUE);
        ours.verify();
        assertThat(ours.buffer()).isEqualTo(result.outputBuffer().flip());
    }
}
