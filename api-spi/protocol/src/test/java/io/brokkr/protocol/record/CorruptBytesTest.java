package io.brokkr.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.brokkr.protocol.ErrorCode;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;

/** Whatever the bytes are: the one declared exception, a wrong checksum, or sound records; and memory in proportion. */
@Domain(BatchDomain.class)
@Domain(DomainContext.Global.class)
class CorruptBytesTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A bare record has 7 bytes, an empty header has 2, and each becomes an object or two. */
    private static final int ALLOCATED_BYTES_PER_INPUT_BYTE = 64;

    /** An exception with its message and stack trace. */
    private static final int ALLOCATED_BYTES_IN_ANY_CASE = 16 * 1024;

    @Property(tries = 10)
    void everyFlippedBitIsFoundOrDoesNoHarm(@ForAll BatchSpec spec) {
        ByteBuffer bytes = spec.build();
        for (int bit = 0; bit < 8 * bytes.remaining(); bit++) {
            int position = bit / 8;
            flip(bytes, bit);
            assertThat(isSound(bytes)).as("flipped bit %d", bit).isEqualTo(isOutsideOfTheChecksum(position));
            flip(bytes, bit);
        }
        assertThat(isSound(bytes)).isTrue();
    }

    private static boolean isOutsideOfTheChecksum(int position) {
        return position < RecordBatch.LENGTH_POSITION
                || (position >= RecordBatch.PARTITION_LEADER_EPOCH_POSITION && position < RecordBatch.MAGIC_POSITION);
    }

    private static void flip(ByteBuffer bytes, int bit) {
        bytes.put(bit / 8, (byte) (bytes.get(bit / 8) ^ (1 << (bit % 8))));
    }

    /** Reads all there is, and tells whether anything was found wrong. */
    private static boolean isSound(ByteBuffer bytes) {
        try {
            boolean sound = true;
            for (RecordBatch batch : RecordBatches.complete(bytes)) {
                sound &= batch.isCrcValid();
                touchRecords(batch.records());
            }
            return sound;
        } catch (InvalidRecordBatchException e) {
            return false;
        }
    }

    private static void touchRecords(Iterable<Record> records) {
        for (Record each : records) {
            each.key();
            each.value();
            each.headers();
        }
    }

    @Property
    void mutatedRecordsGiveTheDeclaredExceptionOrRecords(
            @ForAll BatchSpec spec, @ForAll @Size(max = 8) int[] positions, @ForAll byte replacement) {
        ByteBuffer bytes = spec.build();
        for (int position : positions) {
            int records = bytes.remaining() - RecordBatch.HEADER_SIZE;
            bytes.put(RecordBatch.HEADER_SIZE + Math.floorMod(position, records), replacement);
        }
        assertBounded(bytes);
    }

    @Property
    void anyBytesBehindASoundHeaderGiveTheDeclaredExceptionOrRecords(
            @ForAll @Size(max = 400) byte[] content, @ForAll @IntRange(min = -1, max = 20) int recordCount) {
        ByteBuffer bytes = ByteBuffer.allocate(RecordBatch.HEADER_SIZE + content.length);
        bytes.putInt(RecordBatch.LENGTH_POSITION, bytes.capacity() - RecordBatches.LOG_OVERHEAD_SIZE)
                .put(RecordBatch.MAGIC_POSITION, RecordBatch.MAGIC)
                .putInt(RecordBatch.RECORD_COUNT_POSITION, recordCount)
                .put(RecordBatch.HEADER_SIZE, content);
        assertBounded(bytes);
    }

    @Property
    void anyBytesAtAllGiveTheDeclaredException(@ForAll @Size(max = 200) byte[] content) {
        assertBounded(ByteBuffer.wrap(content));
    }

    private static void assertBounded(ByteBuffer bytes) {
        isSound(bytes); // so that no class is linked while we measure
        long before = THREADS.getCurrentThreadAllocatedBytes();
        isSound(bytes);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated)
                .isLessThan(ALLOCATED_BYTES_IN_ANY_CASE + (long) ALLOCATED_BYTES_PER_INPUT_BYTE * bytes.remaining());
    }

    @Property(tries = 20)
    void recordsThatAreCutAnywhereAreRefused(@ForAll BatchSpec spec) {
        RecordBatch batch = RecordBatch.of(spec.build());
        ByteBuffer records = batch.encodedRecords();
        for (int size = 0; size < records.remaining(); size++) {
            ByteBuffer cut = records.slice(0, size);
            assertMalformed(() -> touchRecords(batch.recordsIn(cut)));
        }
    }

    @Example
    void lyingLengthsAndCountsAreRefused() {
        assertMalformedRecords("01", "its length is -1");
        assertMalformedRecords("feffffff0f", "its length is 2147483647");
        assertMalformedRecords("0c00000001010000", "1 bytes are left after the last of 1");
        assertMalformedBody("00000001010000", "1 bytes are left after its last header");
        assertMalformedBody("000000010101", "it has -1 headers");
        assertMalformedBody("00000001010201", "a header has no key");
        assertMalformedBody("0000000101feffffff0f", "it ends inside of a number");
        assertMalformedBody("00000001feffffff0f00", "2147483647 bytes do not fit into the 1");
        assertMalformedBody("0000808080808000", "a number has more than 5 bytes");
        assertMalformedBody("008080808080808080808000", "a number has more than 10 bytes");
    }

    private static void assertMalformedBody(String hexadecimal, String reason) {
        int zigZagLength = hexadecimal.length() / 2 * 2;
        assertMalformedRecords(HexFormat.of().toHexDigits((byte) zigZagLength) + hexadecimal, reason);
    }

    private static void assertMalformedRecords(String hexadecimal, String reason) {
        RecordBatch batch =
                RecordBatch.of(new RecordBatchBuilder().append(0, null, null).build());
        ByteBuffer records = ByteBuffer.wrap(HexFormat.of().parseHex(hexadecimal));
        assertMalformed(() -> touchRecords(batch.recordsIn(records))).withMessageContaining(reason);
    }

    @Example
    void countsThatDoNotFitAreRefused() {
        ByteBuffer bytes = new RecordBatchBuilder().append(0, null, null).build();
        for (int count : new int[] {-1, 0, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            bytes.putInt(RecordBatch.RECORD_COUNT_POSITION, count);
            assertMalformed(() -> touchRecords(RecordBatch.of(bytes).records()));
        }
    }

    private static ThrowableAssertAlternative<InvalidRecordBatchException> assertMalformed(ThrowingCallable action) {
        return assertThatExceptionOfType(InvalidRecordBatchException.class)
                .isThrownBy(action)
                .satisfies(refusal -> assertThat(refusal.errorCode()).isEqualTo(ErrorCode.INVALID_RECORD));
    }
}
