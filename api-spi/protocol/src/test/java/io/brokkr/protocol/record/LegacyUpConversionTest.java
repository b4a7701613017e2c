package io.brokkr.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.legacy.UpConversion;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.jspecify.annotations.Nullable;

/** Message sets of magic 0 and 1, as Kafka's own builders write them and as other clients do, turned into batches that Kafka's own classes read. */
@Domain(BatchDomain.class)
@Domain(DomainContext.Global.class)
class LegacyUpConversionTest {

    private static final int UNLIMITED = 64 << 20;
    private static final int OVERHEAD_SIZE = 12;

    private final UpConversion conversion = new UpConversion(KafkaCodecs.ALL);

    private static ByteBuffer messageSet(BatchSpec spec, int magic, Compression compression) {
        org.apache.kafka.common.record.TimestampType type = magic == 0
                ? org.apache.kafka.common.record.TimestampType.NO_TIMESTAMP_TYPE
                : org.apache.kafka.common.record.TimestampType.CREATE_TIME;
        try (MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(512), (byte) magic, KafkaCodecs.kafka(compression), type, 0)) {
            for (RecordSpec each : spec.records()) {
                builder.append(magic == 0 ? -1 : each.timestamp(), each.key(), each.value());
            }
            return builder.build().buffer();
        }
    }

    private static List<RecordSpec> withoutWhatTheFormatLacks(BatchSpec spec, int magic) {
        return spec.records().stream()
                .map(each -> new RecordSpec(magic == 0 ? -1 : each.timestamp(), each.key(), each.value(), List.of()))
                .toList();
    }

    /** Reads with Kafka's classes what a producer might have sent. */
    private static List<RecordSpec> read(ByteBuffer batches, Compression compression) {
        List<RecordSpec> all = new ArrayList<>();
        for (RecordBatch batch : RecordBatches.complete(batches)) {
            batch.verify();
            batch.validateAsProduced();
            assertThat(batch.compression()).isEqualTo(compression);
            long offset = 0;
            for (org.apache.kafka.common.record.internal.Record each : BatchSpec.kafkaView(batch.buffer())) {
                assertThat(each.offset()).isEqualTo(offset++);
                all.add(RecordSpec.of(each));
            }
            assertThat(batch.maxTimestamp())
                    .isEqualTo(all.subList(all.size() - (int) offset, all.size()).stream()
                            .mapToLong(RecordSpec::timestamp)
                            .max()
                            .getAsLong());
        }
        return all;
    }

    @Property(tries = 200)
    void whatKafkasClientsWroteIsKept(
            @ForAll BatchSpec spec, @ForAll @IntRange(min = 0, max = 1) int magic, @ForAll Compression compression) {
        Compression codec = compression == Compression.ZSTD ? Compression.LZ4 : compression;

        ByteBuffer batches = conversion.convert(messageSet(spec, magic, codec), null, UNLIMITED);

        assertThat(read(batches, codec)).isEqualTo(withoutWhatTheFormatLacks(spec, magic));
    }

    @Property(tries = 100)
    void theTopicsCompressionCounts(
            @ForAll BatchSpec spec, @ForAll @IntRange(min = 0, max = 3) int from, @ForAll Compression to) {
        ByteBuffer set = messageSet(spec, 1, Compression.of(from));

        ByteBuffer batches = conversion.convert(set, to, UNLIMITED);

        assertThat(read(batches, to)).isEqualTo(withoutWhatTheFormatLacks(spec, 1));
    }

    /** Sarama writes 0 into the relative offsets; others write what they like. The records are counted. */
    @Property(tries = 100)
    void offsetsAreNotTrusted(
            @ForAll BatchSpec spec,
            @ForAll @IntRange(min = 0, max = 1) int magic,
            @ForAll @IntRange(min = 0, max = 3) int code,
            @ForAll boolean zero,
            @ForAll @IntRange(max = 1_000_000) int seed) {
        Compression codec = Compression.of(code);
        ByteBuffer set = messageSet(spec, magic, Compression.NONE);
        Random random = new Random(seed);
        for (int position = 0; position < set.limit(); position += OVERHEAD_SIZE + set.getInt(position + 8)) {
            set.putLong(position, zero ? 0 : random.nextLong());
        }
        ByteBuffer sent = codec == Compression.NONE ? set : wrapper(magic, codec, 0, set);

        assertThat(read(conversion.convert(sent, null, UNLIMITED), codec))
                .isEqualTo(withoutWhatTheFormatLacks(spec, magic));
    }

    @Property(tries = 100)
    void directMemoryServesToo(@ForAll BatchSpec spec, @ForAll @IntRange(min = 0, max = 3) int code) {
        ByteBuffer set = messageSet(spec, 1, Compression.of(code));
        ByteBuffer direct = ByteBuffer.allocateDirect(set.remaining() + 3)
                .position(3)
                .put(set.duplicate())
                .position(3);
        assertThat(conversion.convert(direct, null, UNLIMITED)).isEqualTo(conversion.convert(set, null, UNLIMITED));
        assertThat(direct.position()).isEqualTo(3);
    }

    /** A set may be larger than a batch; its messages may not. */
    @Property(tries = 50)
    void aSetThatDoesNotFitIntoOneBatchBecomesSeveral(
            @ForAll BatchSpec spec, @ForAll @IntRange(min = 0, max = 1) int magic, @ForAll boolean compressed) {
        Compression compression = compressed ? Compression.GZIP : Compression.NONE;
        ByteBuffer batches = conversion.convert(messageSet(spec, magic, Compression.NONE), compression, 700);

        assertThat(read(batches, compression)).isEqualTo(withoutWhatTheFormatLacks(spec, magic));
        assertThat(RecordBatches.complete(batches)).allMatch(batch -> batch.sizeInBytes() <= 700);
    }

    @Example
    void aMessageThatIsLargerThanABatchIsRefused() {
        for (Compression compression : List.of(Compression.NONE, Compression.GZIP)) {
            byte[] random = new byte[5_000];
            new Random(1).nextBytes(random);
            ByteBuffer set = message(1, 0, 7, null, ByteBuffer.wrap(random));
            assertThat(refusal(set, compression, 4_000)).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
            assertThat(refusal(set, compression, 6_000)).isEqualTo(ErrorCode.NONE);
            assertThat(refusal(wrapper(1, Compression.LZ4, 0, set), compression, 4_000))
                    .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        }
    }

    @Property(tries = 20)
    void everyFlippedBitBehindTheSizeIsFound(@ForAll @IntRange(min = 0, max = 1) int magic) {
        ByteBuffer set = message(magic, 0, 7, ByteBuffer.allocate(2), ByteBuffer.allocate(5));
        for (int bit = 8 * OVERHEAD_SIZE; bit < 8 * set.limit(); bit++) {
            set.put(bit / 8, (byte) (set.get(bit / 8) ^ (1 << (bit % 8))));
            assertThat(refusal(set)).as("flipped bit %d", bit).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
            ByteBuffer wrapped = wrapper(magic, Compression.GZIP, 0, set);
            assertThat(refusal(wrapped)).as("flipped inner bit %d", bit).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
            set.put(bit / 8, (byte) (set.get(bit / 8) ^ (1 << (bit % 8))));
        }
        assertThat(refusal(set)).isEqualTo(ErrorCode.NONE);
    }

    @Property(tries = 50)
    void everyCutIsFound(@ForAll BatchSpec spec, @ForAll @IntRange(min = 0, max = 3) int code) {
        ByteBuffer set = messageSet(
                new BatchSpec(0, 0, -1, (short) -1, -1, false, spec.records().subList(0, 1)), 1, Compression.of(code));
        for (int size = 1; size < set.limit(); size++) {
            assertThat(refusal(set.slice(0, size))).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        }
        ByteBuffer inner = message(1, 0, 7, null, ByteBuffer.allocate(20));
        for (int size = 0; size < inner.limit(); size++) {
            assertThat(refusal(wrapper(1, Compression.SNAPPY, 0, inner.slice(0, size))))
                    .isEqualTo(size == 0 ? ErrorCode.INVALID_RECORD : ErrorCode.CORRUPT_MESSAGE);
        }
    }

    /** Random bytes inside of a wrapper whose checksum is right. */
    @Property(tries = 500)
    void anyBytesAreRefusedWithTheOneException(
            @ForAll BatchSpec spec,
            @ForAll @IntRange(min = 0, max = 1) int magic,
            @ForAll @IntRange(min = 1, max = 3) int code,
            @ForAll @IntRange(max = 1_000_000) int seed) {
        ByteBuffer wrapper = messageSet(spec, magic, Compression.of(code));
        Random random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            wrapper.put(
                    OVERHEAD_SIZE + 22 + random.nextInt(wrapper.limit() - OVERHEAD_SIZE - 22), (byte) random.nextInt());
        }
        seal(wrapper);
        assertThat(refusal(wrapper)).isNotNull();
    }

    @Example
    void whatBreaksARuleIsRefusedAsKafkaDoes() {
        ByteBuffer plain = message(1, 0, 7, null, ByteBuffer.allocate(5));
        ByteBuffer wrapped = wrapper(1, Compression.GZIP, 0, plain);
        assertThat(refusal(ByteBuffer.allocate(0))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(wrapper(1, Compression.GZIP, 0, wrapped)))
                .as("nested wrappers")
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(concatenated(wrapped, wrapped))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(concatenated(plain, wrapped))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(concatenated(wrapped, plain))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(message(1, Compression.GZIP.code(), 7, null, null)))
                .as("a wrapper without a value")
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(wrapper(1, Compression.ZSTD, 0, plain))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(wrapper(0, Compression.GZIP, 0, plain)))
                .as("magic 1 in magic 0")
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(message(1, 5, 7, null, plain))).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(refusal(message(1, 8, 7, null, null))).as("append time").isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(refusal(message(1, 0, -2, null, null))).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(refusal(message(0, 8, -1, null, null)))
                .as("a bit that magic 0 does not have")
                .isEqualTo(ErrorCode.NONE);
    }

    @Example
    void withoutTheCodecTheErrorNamesThePlugin() {
        ByteBuffer wrapped = wrapper(1, Compression.LZ4, 0, message(1, 0, 7, null, null));
        InvalidRecordBatchException refusal =
                catchThrowableOfType(InvalidRecordBatchException.class, () -> new UpConversion(CompressionCodecs.NONE)
                        .convert(wrapped, null, UNLIMITED));
        assertThat(refusal.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(refusal).hasMessageContaining("LZ4").hasMessageContaining("«compression»");
    }

    /** As many messages as a wrapper may hold are read one at a time, through a window that does not grow with their number. */
    @Example
    void hundredsOfThousandsOfInnerMessagesTakeTheMemoryOfOne() throws IOException {
        ByteBuffer wrapped = repeated(message(0, 0, 7, null, null), 600_000);
        ByteBuffer batches = conversion.convert(wrapped, null, UNLIMITED);
        assertThat(RecordBatch.of(batches).recordCount()).isEqualTo(600_000);

        ByteBuffer value = wrapped.slice(26, wrapped.limit() - 26);
        try (DecompressedBytes bytes = KafkaCodecs.ALL.decompress(Compression.GZIP, value, (byte) 0)) {
            while (bytes.fill(26) > 0) {
                bytes.skip(26);
            }
            assertThat(bytes.window().capacity()).isLessThanOrEqualTo(16 << 10);
        }
    }

    @Example
    void aMillionInnerMessagesOutOfNearlyNothingAreRefused() throws IOException {
        assertThat(refusal(repeated(message(0, 0, 7, null, null), 1_000_000))).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    private static ByteBuffer repeated(ByteBuffer one, int count) throws IOException {
        return compressed(0, Compression.GZIP, 0, stream -> {
            for (int i = 0; i < count; i++) {
                stream.write(one.array(), one.arrayOffset(), one.limit());
            }
        });
    }

    /** A few kilobytes that become gigabytes are given up before they have done harm. */
    @Example
    void aBombIsRefusedInBoundedMemory() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] zeros = new byte[1 << 20];
        for (Compression codec : List.of(Compression.GZIP, Compression.SNAPPY, Compression.LZ4)) {
            ByteBuffer claim = ByteBuffer.allocate(OVERHEAD_SIZE).putInt(8, 1 << 30);
            ByteBuffer bomb = compressed(1, codec, 0, stream -> {
                stream.write(claim.array());
                for (int i = 0; i < 200; i++) {
                    stream.write(zeros);
                }
            });
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            assertThat(refusal(bomb)).as("%s", codec).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
            long allocated =
                    threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertThat(allocated)
                    .as("%s of %d bytes", codec, bomb.limit())
                    .isLessThan(10L * bomb.limit() + (128 << 20));
        }
    }

    private ErrorCode refusal(ByteBuffer messageSet) {
        return refusal(messageSet, null, UNLIMITED);
    }

    private ErrorCode refusal(ByteBuffer messageSet, @Nullable Compression compression, int maximumSize) {
        try {
            conversion.convert(messageSet, compression, maximumSize);
            return ErrorCode.NONE;
        } catch (InvalidRecordBatchException refused) {
            return refused.errorCode();
        }
    }

    private static ByteBuffer concatenated(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first.duplicate())
                .put(second.duplicate())
                .flip();
    }

    private static ByteBuffer message(
            int magic, int attributes, long timestamp, @Nullable ByteBuffer key, @Nullable ByteBuffer value) {
        ByteBuffer bytes =
                ByteBuffer.allocate(34 + (key == null ? 0 : key.remaining()) + (value == null ? 0 : value.remaining()));
        bytes.putLong(0).putInt(0).putInt(0).put((byte) magic).put((byte) attributes);
        if (magic > 0) {
            bytes.putLong(timestamp);
        }
        for (ByteBuffer part : new ByteBuffer[] {key, value}) {
            bytes.putInt(part == null ? -1 : part.remaining());
            if (part != null) {
                bytes.put(part.duplicate());
            }
        }
        return seal(bytes.flip());
    }

    private static ByteBuffer seal(ByteBuffer message) {
        CRC32 crc = new CRC32();
        crc.update(message.slice(16, message.limit() - 16));
        return message.putInt(8, message.limit() - OVERHEAD_SIZE).putInt(12, (int) crc.getValue());
    }

    private interface Content {
        void writeTo(OutputStream stream) throws IOException;
    }

    private static ByteBuffer compressed(int magic, Compression codec, int flags, Content content) throws IOException {
        GrowingBuffer value = new GrowingBuffer(64, UNLIMITED);
        try (OutputStream stream = KafkaCodecs.ALL.compress(codec, value, (byte) magic)) {
            content.writeTo(stream);
        }
        return message(magic, codec.code() | flags, 7, null, value.written());
    }

    private static ByteBuffer wrapper(int magic, Compression codec, int flags, ByteBuffer messages) {
        byte[] bytes = new byte[messages.remaining()];
        messages.get(messages.position(), bytes);
        try {
            return compressed(magic, codec, flags, stream -> stream.write(bytes));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
