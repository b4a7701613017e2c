package io.brokkr.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.brokkr.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** What a broker demands of the header of a batch that a producer sent. */
@Domain(BatchDomain.class)
class ProducedBatchTest {

    private final ByteBuffer bytes = new RecordBatchBuilder()
            .producer(7, (short) 1, 3)
            .append(10, null, ByteBuffer.allocate(1))
            .append(11, null, ByteBuffer.allocate(1))
            .build();

    @Property(tries = 200)
    void whatKafkasClientsSendIsValid(@ForAll BatchSpec spec) {
        RecordBatch batch = RecordBatch.of(spec.buildWithKafka());
        batch.setBaseOffset(0);

        batch.verify();
        batch.validateAsProduced();
        assertThat(batch.recordCount()).isEqualTo(spec.records().size());
    }

    @Example
    void theBaseOffsetIsZero() {
        bytes.putLong(RecordBatch.BASE_OFFSET_POSITION, 1);
        assertInvalid(ErrorCode.INVALID_RECORD);
    }

    @Example
    void thereAreRecords() {
        bytes.putInt(RecordBatch.RECORD_COUNT_POSITION, 0).putInt(RecordBatch.LAST_OFFSET_DELTA_POSITION, -1);
        assertInvalid(ErrorCode.INVALID_RECORD);
    }

    @Example
    void theCountIsNotNegative() {
        bytes.putInt(RecordBatch.RECORD_COUNT_POSITION, Integer.MIN_VALUE)
                .putInt(RecordBatch.LAST_OFFSET_DELTA_POSITION, Integer.MAX_VALUE);
        assertInvalid(ErrorCode.INVALID_RECORD);
    }

    @Example
    void theOffsetsHaveNoGaps() {
        bytes.putInt(RecordBatch.LAST_OFFSET_DELTA_POSITION, 2);
        assertInvalid(ErrorCode.INVALID_RECORD);
    }

    @Example
    void anIdempotentProducerGivesASequence() {
        bytes.putInt(RecordBatch.BASE_SEQUENCE_POSITION, RecordBatch.NO_SEQUENCE);
        assertInvalid(ErrorCode.INVALID_RECORD);
    }

    @Example
    void controlRecordsAreNotForClients() {
        bytes.putShort(RecordBatch.ATTRIBUTES_POSITION, (short) RecordBatch.CONTROL_FLAG);
        assertInvalid(ErrorCode.INVALID_RECORD);
    }

    @Example
    void theAppendTimeIsTheBrokersToGive() {
        RecordBatch.of(bytes).setMaxTimestamp(TimestampType.LOG_APPEND_TIME, 20);
        assertInvalid(ErrorCode.INVALID_TIMESTAMP);
    }

    @Example
    void theCompressionTypeIsKnown() {
        for (short code = 5; code < 8; code++) {
            bytes.putShort(RecordBatch.ATTRIBUTES_POSITION, code);
            assertInvalid(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        }
    }

    @Example
    void compressedRecordsAreNotReadAsIfTheyWereNot() {
        bytes.putShort(RecordBatch.ATTRIBUTES_POSITION, (short) 3);
        RecordBatch batch = RecordBatch.of(bytes);

        assertThat(batch.compression()).isEqualTo(Compression.LZ4);
        batch.validateAsProduced();
        assertThatExceptionOfType(InvalidRecordBatchException.class)
                .isThrownBy(batch::records)
                .satisfies(
                        refusal -> assertThat(refusal.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE));
    }

    /** Where the checksum stands, what it covers, and that a broker's patches stay out of that. */
    @Example
    void theChecksumIsBigEndianAndLeavesOutWhatTheBrokerPatches() {
        RecordBatch batch = RecordBatch.of(bytes);
        byte[] sent = bytes.array().clone();
        CRC32C crc = new CRC32C();
        crc.update(sent, 21, batch.sizeInBytes() - 21);
        assertThat(HexFormat.of().formatHex(sent, 17, 21))
                .isEqualTo(HexFormat.of().toHexDigits((int) crc.getValue()));

        batch.setBaseOffset(0x0102030405060708L);
        batch.setPartitionLeaderEpoch(0x0A0B0C0D);

        batch.verify();
        assertThat(HexFormat.of().formatHex(bytes.array(), 0, 8)).isEqualTo("0102030405060708");
        assertThat(HexFormat.of().formatHex(bytes.array(), 12, 16)).isEqualTo("0a0b0c0d");
        assertThat(bytes.slice(8, 4)).isEqualTo(ByteBuffer.wrap(sent, 8, 4));
        assertThat(bytes.slice(16, batch.sizeInBytes() - 16))
                .isEqualTo(ByteBuffer.wrap(sent, 16, batch.sizeInBytes() - 16));
    }

    private void assertInvalid(ErrorCode errorCode) {
        assertThatExceptionOfType(InvalidRecordBatchException.class)
                .isThrownBy(() -> RecordBatch.of(bytes).validateAsProduced())
                .satisfies(refusal -> assertThat(refusal.errorCode()).isEqualTo(errorCode));
    }
}
