package io.brokkr.core.partition;

import static io.brokkr.core.partition.TestBatches.TIMESTAMP;
import static io.brokkr.core.partition.TestBatches.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.TimestampType;
import io.brokkr.spi.ApiException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchValidatorTest {

    private static final int ATTRIBUTES_POSITION = 21;
    private static final int MAX_TIMESTAMP_POSITION = 35;
    private static final long DAY = 86_400_000;

    private final ManualTime time = new ManualTime();
    private final BatchValidator validator = new BatchValidator(time, CompressionCodecs.NONE);

    private static AppendRules rules(String... settings) {
        Map<String, String> overrides = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            overrides.put(settings[i], settings[i + 1]);
        }
        return AppendRules.of(TestBroker.configuration(Map.of()).forTopic(overrides));
    }

    private ErrorCode refusal(ByteBuffer batches, String... settings) {
        ApiException refused =
                catchThrowableOfType(ApiException.class, () -> validator.validate(batches, rules(settings)));
        return refused == null ? ErrorCode.NONE : refused.error();
    }

    /** Header fields of a batch changed, with a checksum that is right again. */
    static ByteBuffer resealed(ByteBuffer batch) {
        long max = batch.getLong(MAX_TIMESTAMP_POSITION);
        // Two changes of a field that the checksum covers, and the batch seals itself.
        RecordBatch view = RecordBatch.of(batch);
        view.setMaxTimestamp(view.timestampType(), max + 1);
        view.setMaxTimestamp(view.timestampType(), max);
        return batch;
    }

    @Property
    void whatAProducerSentStaysAsItIs(@ForAll @IntRange(min = 1, max = 20) int records) {
        String[] values = new String[records];
        Arrays.fill(values, "value");
        ByteBuffer batch = TestBatches.idempotent(5, 0, 0, values);
        Bytes before = Bytes.copyOf(batch);
        ValidBatches valid = validator.validate(batch, rules());
        assertThat(Bytes.copyOf(batch)).isEqualTo(before);
        assertThat(valid.recordCount()).isEqualTo(records);
        assertThat(valid.sizeInBytes()).isEqualTo(batch.remaining());
        assertThat(valid.logAppendTime()).isEqualTo(-1);
    }

    @Property
    void anyChangedBitBehindTheLeaderEpochIsRefused(@ForAll @IntRange(max = 100_000) int bit) {
        ByteBuffer batch = TestBatches.batch("one", "two", "three");
        int covered = batch.remaining() - 16;
        int position = 16 + (bit / 8) % covered;
        batch.put(position, (byte) (batch.get(position) ^ (1 << (bit % 8))));
        assertThat(refusal(batch)).isIn(ErrorCode.CORRUPT_MESSAGE, ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT);
    }

    @Property
    void anyBytesAreRefusedWithAnErrorCode(@ForAll byte[] bytes) {
        assertThat(refusal(ByteBuffer.wrap(bytes)))
                .isIn(ErrorCode.CORRUPT_MESSAGE, ErrorCode.INVALID_RECORD, ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT);
    }

    @Test
    void oldMessageFormatsAreRefusedByName() {
        ByteBuffer batch = TestBatches.batch("one");
        assertThat(refusal(batch.put(16, (byte) 1))).isEqualTo(ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT);
        assertThat(refusal(batch.put(16, (byte) 0))).isEqualTo(ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT);
    }

    @Test
    void aBatchAboveMaxMessageBytesIsRefusedAndOneOfThatSizeIsNot() {
        ByteBuffer batch = TestBatches.batch("one");
        String size = Integer.toString(batch.remaining());
        assertThat(refusal(batch, "max.message.bytes", size)).isEqualTo(ErrorCode.NONE);
        assertThat(refusal(batch, "max.message.bytes", Integer.toString(batch.remaining() - 1)))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void aRecordWithoutKeyIsRefusedByACompactedTopicAlone() {
        ByteBuffer batch = new RecordBatchBuilder()
                .append(TIMESTAMP, text("key"), text("value"))
                .append(TIMESTAMP, null, text("value"))
                .build();
        assertThat(refusal(batch)).isEqualTo(ErrorCode.NONE);
        assertThat(refusal(batch, "cleanup.policy", "compact")).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(batch, "cleanup.policy", "delete,compact")).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(TestBatches.batch("keyed"), "cleanup.policy", "compact"))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void whatOnlyABrokerMayWriteIsRefused() {
        assertThat(refusal(TestBatches.filled(new RecordBatchBuilder().control(), "a")))
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(TestBatches.filled(new RecordBatchBuilder().baseOffset(5), "a")))
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(TestBatches.filled(
                        new RecordBatchBuilder().producer(1, (short) 0, 0).transactional(), "a")))
                .isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(refusal(ByteBuffer.allocate(0))).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void aCountThatDoesNotFitIsRefused() {
        ByteBuffer batch = TestBatches.batch("one", "two");
        assertThat(refusal(resealed(batch.putInt(23, 5)))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(resealed(batch.putInt(23, -1).putInt(57, 0)))).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void anUnknownCompressionIsRefused() {
        ByteBuffer batch = TestBatches.batch("one").putShort(ATTRIBUTES_POSITION, (short) 7);
        assertThat(refusal(resealed(batch))).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void timestampsHaveTheirLimits() {
        assertThat(refusal(TestBatches.at(TIMESTAMP + 3_600_000))).isEqualTo(ErrorCode.NONE);
        assertThat(refusal(TestBatches.at(TIMESTAMP, TIMESTAMP + 3_600_001))).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(refusal(TestBatches.at(0))).isEqualTo(ErrorCode.NONE);
        assertThat(refusal(TestBatches.at(-1))).isEqualTo(ErrorCode.NONE);
        String day = Long.toString(DAY);
        assertThat(refusal(TestBatches.at(TIMESTAMP - DAY), "message.timestamp.before.max.ms", day))
                .isEqualTo(ErrorCode.NONE);
        assertThat(refusal(
                        TestBatches.at(TIMESTAMP, TIMESTAMP - DAY - 1, TIMESTAMP),
                        "message.timestamp.before.max.ms",
                        day))
                .isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        String unlimited = Long.toString(Long.MAX_VALUE);
        assertThat(refusal(TestBatches.at(Long.MAX_VALUE / 2), "message.timestamp.after.max.ms", unlimited))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aMissingMaxTimestampIsFoundInTheRecords() {
        ByteBuffer batch = TestBatches.at(TIMESTAMP, TIMESTAMP + 5, TIMESTAMP + 2);
        resealed(batch.putLong(MAX_TIMESTAMP_POSITION, -1));
        validator.validate(batch, rules());
        assertThat(RecordBatch.of(batch).maxTimestamp()).isEqualTo(TIMESTAMP + 5);
        assertThat(RecordBatch.of(batch).isCrcValid()).isTrue();
    }

    /** Of a compressed batch the base timestamp is all that is known. */
    @Test
    void aMissingMaxTimestampOfACompressedBatchIsTheBaseTimestamp() {
        ByteBuffer batch = TestBatches.at(TIMESTAMP, TIMESTAMP + 5).putShort(ATTRIBUTES_POSITION, (short) 4);
        resealed(batch.putLong(MAX_TIMESTAMP_POSITION, -1));
        validator.validate(batch, rules());
        assertThat(RecordBatch.of(batch).maxTimestamp()).isEqualTo(TIMESTAMP);
    }

    @Test
    void logAppendTimeIsTheBrokersAndNoLimitAppliesToTheProducers() {
        ByteBuffer batch = TestBatches.at(TIMESTAMP + 10 * DAY);
        ValidBatches valid = validator.validate(batch, rules("message.timestamp.type", "LogAppendTime"));
        assertThat(valid.logAppendTime()).isEqualTo(time.millis());
        RecordBatch stamped = RecordBatch.of(batch);
        assertThat(stamped.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(stamped.maxTimestamp()).isEqualTo(time.millis());
        assertThat(stamped.isCrcValid()).isTrue();
        assertThat(refusal(batch)).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
    }

    @Test
    void anIdempotentProducersBatchComesAlone() {
        ByteBuffer one = TestBatches.idempotent(1, 0, 0, "a");
        ByteBuffer two = TestBatches.batch("b");
        ByteBuffer both = ByteBuffer.allocate(one.remaining() + two.remaining())
                .put(two)
                .put(one)
                .flip();
        assertThat(refusal(both)).isEqualTo(ErrorCode.INVALID_RECORD);
    }
}
