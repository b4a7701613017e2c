package io.brokkr.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.brokkr.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

@Domain(BatchDomain.class)
@Domain(DomainContext.Global.class)
class RecordBatchesTest {

    @Property(tries = 100)
    void findsTheBatchesThatKafkaFinds(@ForAll @Size(max = 5) List<BatchSpec> specs) {
        ByteBuffer bytes = concatenated(specs);

        List<ByteBuffer> kafkas = new ArrayList<>();
        MemoryRecords.readableRecords(bytes).batches().forEach(batch -> {
            ByteBuffer each = ByteBuffer.allocate(batch.sizeInBytes());
            batch.writeTo(each);
            kafkas.add(each.flip());
        });
        assertThat(RecordBatches.complete(bytes)).map(RecordBatch::buffer).isEqualTo(kafkas);
        assertThat(RecordBatches.possiblyCut(bytes)).map(RecordBatch::buffer).isEqualTo(kafkas);
        assertThat(RecordBatches.complete(bytes)).allMatch(RecordBatch::isCrcValid);
    }

    @Property(tries = 20)
    void aCutBatchIsLeftOutOrRefusedAtEveryByte(@ForAll BatchSpec first, @ForAll BatchSpec second) {
        ByteBuffer bytes = concatenated(List.of(first, second));
        int sizeOfFirst = first.build().remaining();
        for (int size = 0; size < bytes.remaining(); size++) {
            ByteBuffer cut = bytes.slice(0, size);
            int whole = size < sizeOfFirst ? 0 : 1;

            assertThat(RecordBatches.possiblyCut(cut)).hasSize(whole);
            if (size != 0 && size != sizeOfFirst) {
                assertRefused(ErrorCode.CORRUPT_MESSAGE, () -> RecordBatches.complete(cut)
                        .forEach(RecordBatch::verify));
                assertRefused(ErrorCode.CORRUPT_MESSAGE, () -> RecordBatch.of(cut));
            }
        }
    }

    @Example
    void oneBatchIsNeitherNoneNorTwo() {
        ByteBuffer one = new RecordBatchBuilder().append(0, null, null).build();
        ByteBuffer two = ByteBuffer.allocate(2 * one.remaining())
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();

        assertRefused(ErrorCode.CORRUPT_MESSAGE, () -> RecordBatch.of(ByteBuffer.allocate(0)));
        assertRefused(ErrorCode.CORRUPT_MESSAGE, () -> RecordBatch.of(two));
        assertThat(RecordBatch.of(one).recordCount()).isEqualTo(1);
    }

    @Property(tries = 200)
    void impossibleLengthsAreCorruptEvenIfTheLastBatchMayBeCut(
            @ForAll @IntRange(min = Integer.MIN_VALUE, max = 48) int length) {
        assertLengthRefused(length);
    }

    @Example
    void lengthsThatOverflowAreCorrupt() {
        for (int length = Integer.MAX_VALUE - 11; length > 0; length++) {
            assertLengthRefused(length);
        }
    }

    private static void assertLengthRefused(int length) {
        ByteBuffer bytes = new RecordBatchBuilder().append(0, null, null).build();
        bytes.putInt(RecordBatch.LENGTH_POSITION, length);

        assertRefused(
                ErrorCode.CORRUPT_MESSAGE,
                () -> RecordBatches.complete(bytes).iterator().next());
        assertRefused(
                ErrorCode.CORRUPT_MESSAGE,
                () -> RecordBatches.possiblyCut(bytes).iterator().hasNext());
    }

    @Example
    void unknownMagicIsCorrupt() {
        ByteBuffer bytes = new RecordBatchBuilder().append(0, null, null).build();
        for (int magic = Byte.MIN_VALUE; magic <= Byte.MAX_VALUE; magic++) {
            bytes.put(RecordBatch.MAGIC_POSITION, (byte) magic);
            if (magic < 0 || magic > 2) {
                assertRefused(ErrorCode.CORRUPT_MESSAGE, () -> RecordBatch.of(bytes));
            }
        }
    }

    @Property(tries = 100)
    void oldMessageSetsAreRefusedByName(
            @ForAll BatchSpec spec, @ForAll @IntRange(min = 0, max = 1) int magic, @ForAll boolean compressed) {
        ByteBuffer bytes = messageSet(spec, (byte) magic, compressed ? CompressionType.GZIP : CompressionType.NONE);

        for (RecordBatches batches : List.of(RecordBatches.complete(bytes), RecordBatches.possiblyCut(bytes))) {
            assertRefused(ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT, () -> batches.iterator()
                    .next());
        }
    }

    private static ByteBuffer messageSet(BatchSpec spec, byte magic, CompressionType codec) {
        TimestampType type = magic == 0 ? TimestampType.NO_TIMESTAMP_TYPE : TimestampType.CREATE_TIME;
        try (MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(512), magic, Compression.of(codec).build(), type, 0)) {
            for (RecordSpec each : spec.records()) {
                builder.append(magic == 0 ? -1 : each.timestamp(), each.key(), each.value());
            }
            return builder.build().buffer();
        }
    }

    /** Sarama sends message sets whose messages all say offset 0: known by the magic, not by the offsets. */
    @Example
    void aMessageSetWhoseOffsetsAreAllZeroIsRecognised() {
        byte[] message = {
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 14, 0x12, 0x34, 0x56, 0x78, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1
        };
        ByteBuffer bytes = ByteBuffer.allocate(2 * message.length)
                .put(message)
                .put(message)
                .flip();

        assertRefused(ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT, () -> RecordBatches.complete(bytes)
                .forEach(RecordBatch::verify));
    }

    @Example
    void anIteratorEndsAsIteratorsDo() {
        Iterator<RecordBatch> none =
                RecordBatches.complete(ByteBuffer.allocate(0)).iterator();
        Iterator<RecordBatch> cut =
                RecordBatches.possiblyCut(ByteBuffer.allocate(5)).iterator();

        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(none::next);
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(cut::next);
    }

    private static ByteBuffer concatenated(List<BatchSpec> specs) {
        List<ByteBuffer> batches = specs.stream().map(BatchSpec::build).toList();
        ByteBuffer all = ByteBuffer.allocate(
                batches.stream().mapToInt(ByteBuffer::remaining).sum());
        batches.forEach(all::put);
        return all.flip();
    }

    private static void assertRefused(ErrorCode errorCode, ThrowingCallable action) {
        assertThatExceptionOfType(InvalidRecordBatchException.class)
                .isThrownBy(action)
                .satisfies(refusal -> assertThat(refusal.errorCode()).isEqualTo(errorCode));
    }
}
