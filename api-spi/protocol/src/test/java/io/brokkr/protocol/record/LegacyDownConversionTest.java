package io.brokkr.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.RecordFileSlice;
import io.brokkr.protocol.record.legacy.DownConversion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/** Batches turned into message sets of magic 0 and 1, held against what Apache Kafka 3.9 makes of them. */
@Domain(BatchDomain.class)
@Domain(DomainContext.Global.class)
class LegacyDownConversionTest {

    private static final List<Compression> CODECS =
            List.of(Compression.NONE, Compression.GZIP, Compression.SNAPPY, Compression.LZ4);

    private final DownConversion conversion = new DownConversion(KafkaCodecs.ALL);

    /** A message as a reader sees it. */
    private record Seen(
            Compression compression,
            long wrapperOffset,
            long wrapperTimestamp,
            org.apache.kafka.common.record.TimestampType type,
            long offset,
            RecordSpec content) {}

    private static List<Seen> read(ByteBuffer messageSet) {
        List<Seen> all = new ArrayList<>();
        for (MutableRecordBatch batch :
                MemoryRecords.readableRecords(messageSet.duplicate()).batches()) {
            batch.ensureValid();
            batch.forEach(each -> {
                each.ensureValid();
                all.add(new Seen(
                        Compression.of(batch.compressionType().id),
                        batch.lastOffset(),
                        batch.maxTimestamp(),
                        batch.timestampType(),
                        each.offset(),
                        RecordSpec.of(each)));
            });
        }
        return all;
    }

    /** Batches behind each other, of all codecs, with control batches and append times among them. */
    private static ByteBuffer stored(List<BatchSpec> specs, int seed, List<Compression> codecs) {
        Random random = new Random(seed);
        List<ByteBuffer> batches = new ArrayList<>();
        long nextOffset = random.nextInt(1_000);
        for (BatchSpec spec : specs) {
            BatchSpec placed = new BatchSpec(nextOffset, 0, -1, (short) -1, -1, false, spec.records());
            ByteBuffer batch;
            if (random.nextInt(6) == 0) {
                batch = new BatchSpec(
                                nextOffset,
                                0,
                                7,
                                (short) 0,
                                0,
                                true,
                                List.of(spec.records().get(0)))
                        .buildControlWithKafka(ControlRecordType.COMMIT);
            } else {
                boolean appendTime = random.nextInt(4) == 0;
                batch = placed.buildWithKafka(
                        KafkaCodecs.kafka(codecs.get(random.nextInt(codecs.size()))),
                        appendTime
                                ? org.apache.kafka.common.record.TimestampType.LOG_APPEND_TIME
                                : org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                        appendTime ? 1_700_000_000_000L : -1,
                        -1);
            }
            batches.add(batch);
            nextOffset = RecordBatch.of(batch).nextOffset() + random.nextInt(3);
        }
        ByteBuffer all = ByteBuffer.allocate(
                batches.stream().mapToInt(ByteBuffer::remaining).sum());
        batches.forEach(all::put);
        return all.flip();
    }

    private static long offsetWithin(ByteBuffer batches, int seed) {
        long first = batches.getLong(0);
        long end = first;
        for (RecordBatch batch : RecordBatches.complete(batches)) {
            end = batch.nextOffset();
        }
        return first + new Random(seed).nextInt((int) (end - first) + 1);
    }

    private ByteBuffer convert(ByteBuffer batches, int magic, long firstOffset, int maximumSize) {
        try {
            return conversion.convert(RecordData.of(batches), (byte) magic, firstOffset, maximumSize);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Property(tries = 150)
    void makesWhatKafkaMakes(
            @ForAll @Size(min = 1, max = 6) List<BatchSpec> specs,
            @ForAll @IntRange(min = 0, max = 1) int magic,
            @ForAll @IntRange(max = 1_000_000) int seed) {
        ByteBuffer batches = stored(specs, seed, CODECS);
        // Kafka writes a batch again that lies before the offset as a whole if it is compressed: no reader gets such a
        // batch.
        long firstOffset = batches.getLong(0)
                + (seed % 2 == 0
                        ? 0
                        : RecordBatches.complete(batches).iterator().next().lastOffsetDelta());

        ByteBuffer ours = convert(batches, magic, firstOffset, Integer.MAX_VALUE);

        assertThat(read(ours)).isEqualTo(read(OldKafka.downConvert(batches, (byte) magic, firstOffset)));
    }

    @Property(tries = 100)
    void makesTheSameBytesAsKafkaWithoutCompression(
            @ForAll @Size(min = 1, max = 6) List<BatchSpec> specs,
            @ForAll @IntRange(min = 0, max = 1) int magic,
            @ForAll @IntRange(max = 1_000_000) int seed) {
        ByteBuffer batches = stored(specs, seed, List.of(Compression.NONE));
        long firstOffset = offsetWithin(batches, seed);

        assertThat(convert(batches, magic, firstOffset, Integer.MAX_VALUE))
                .isEqualTo(OldKafka.downConvert(batches, (byte) magic, firstOffset));
    }

    /** Whole messages up to the limit, and one of them however small the limit is. */
    @Property(tries = 100)
    void aLimitCutsBetweenMessagesAndLeavesOne(
            @ForAll @Size(min = 1, max = 6) List<BatchSpec> specs,
            @ForAll @IntRange(min = 0, max = 1) int magic,
            @ForAll @IntRange(max = 20_000) int limit,
            @ForAll @IntRange(max = 1_000_000) int seed) {
        ByteBuffer batches = stored(specs, seed, CODECS);
        long firstOffset = offsetWithin(batches, seed);
        ByteBuffer all = convert(batches, magic, firstOffset, Integer.MAX_VALUE);

        ByteBuffer limited = convert(batches, magic, firstOffset, limit);

        List<Seen> messages = read(limited);
        assertThat(read(all).subList(0, messages.size())).isEqualTo(messages);
        assertThat(messages.isEmpty()).isEqualTo(!all.hasRemaining());
        long outer = messages.stream().map(Seen::wrapperOffset).distinct().count();
        assertThat(limited.remaining() <= limit || outer == 1).isTrue();
    }

    @Property(tries = 30)
    void aFileIsReadAsMemoryIsAndTheCutEndLeftOut(
            @ForAll @Size(min = 1, max = 6) List<BatchSpec> specs,
            @ForAll @IntRange(min = 0, max = 1) int magic,
            @ForAll @IntRange(max = 1_000_000) int seed)
            throws IOException {
        ByteBuffer one = stored(specs, seed, CODECS);
        ByteBuffer cut = one.slice(0, new Random(seed).nextInt(one.limit() + 1));
        long firstOffset = one.getLong(0);
        Path file = Files.createTempFile("batches", ".log");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(cut.duplicate(), 100);
            RecordData slice = new RecordFileSlice(channel, 100, cut.limit(), () -> {});
            RecordData buffers = RecordBuffers.of(
                    List.of(cut.slice(0, cut.limit() / 2), cut.slice(cut.limit() / 2, cut.limit() - cut.limit() / 2)),
                    () -> {});
            ByteBuffer fromMemory = convert(cut, magic, firstOffset, Integer.MAX_VALUE);
            assertThat(conversion.convert(slice, (byte) magic, firstOffset, Integer.MAX_VALUE))
                    .isEqualTo(fromMemory);
            assertThat(conversion.convert(buffers, (byte) magic, firstOffset, Integer.MAX_VALUE))
                    .isEqualTo(fromMemory);
        } finally {
            Files.delete(file);
        }
    }

    /** More than a chunk of the file, and a batch that is larger than one. */
    @Example
    void largeFilesAreReadInParts() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(4 << 20);
        for (int i = 0; i < 40; i++) {
            all.put(new RecordBatchBuilder()
                    .baseOffset(i)
                    .append(i, null, ByteBuffer.allocate(i == 20 ? 300_000 : 30_000))
                    .build());
        }
        all.flip();
        Path file = Files.createTempFile("batches", ".log");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(all.duplicate());
            RecordData slice = new RecordFileSlice(channel, 0, all.limit(), () -> {});
            ByteBuffer set = conversion.convert(slice, (byte) 1, 0, Integer.MAX_VALUE);
            assertThat(set).isEqualTo(OldKafka.downConvert(all, (byte) 1, 0));
        } finally {
            Files.delete(file);
        }
    }

    /** Zstandard came after these formats; what lies before such a batch is served, and the error comes when the consumer gets there. */
    @Example
    void zstandardIsRefused() {
        RecordBatchBuilder zstandard = new RecordBatchBuilder(Compression.ZSTD, KafkaCodecs.ALL, 1_000).baseOffset(1);
        ByteBuffer batch = zstandard.append(5, null, ByteBuffer.allocate(9)).build();
        assertRefused(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, batch);

        ByteBuffer plain = new RecordBatchBuilder().append(5, null, null).build();
        ByteBuffer both = ByteBuffer.allocate(plain.remaining() + batch.remaining())
                .put(plain.duplicate())
                .put(batch.duplicate())
                .flip();
        assertThat(read(convert(both, 1, 0, 1_000))).hasSize(1);
    }

    @Example
    void whatChangedInTheLogIsNotGivenANewChecksum() {
        ByteBuffer batch =
                new RecordBatchBuilder().append(5, null, ByteBuffer.allocate(9)).build();
        batch.put(batch.limit() - 3, (byte) 1);
        assertRefused(ErrorCode.CORRUPT_MESSAGE, batch);
    }

    @Example
    void withoutTheCodecTheErrorNamesThePlugin() {
        ByteBuffer batch = new RecordBatchBuilder(Compression.GZIP, KafkaCodecs.ALL, 1_000)
                .append(5, null, null)
                .build();
        InvalidRecordBatchException refusal =
                catchThrowableOfType(InvalidRecordBatchException.class, () -> new DownConversion(CompressionCodecs.NONE)
                        .convert(RecordData.of(batch), (byte) 1, 0, 1_000));
        assertThat(refusal.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(refusal).hasMessageContaining("GZIP").hasMessageContaining("«compression»");
    }

    @Property(tries = 300)
    void anyBytesAreRefusedWithTheOneException(@ForAll BatchSpec spec, @ForAll @IntRange(max = 1_000_000) int seed) {
        ByteBuffer bytes = stored(List.of(spec, spec), seed, CODECS);
        Random random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            bytes.put(random.nextInt(bytes.limit()), (byte) random.nextInt());
        }
        try {
            convert(bytes, seed % 2, bytes.getLong(0), Integer.MAX_VALUE);
        } catch (InvalidRecordBatchException declared) {
            assertThat(declared.errorCode()).isNotEqualTo(ErrorCode.NONE);
        }
    }

    private void assertRefused(ErrorCode error, ByteBuffer batches) {
        InvalidRecordBatchException refusal =
                catchThrowableOfType(InvalidRecordBatchException.class, () -> convert(batches, 1, 0, 1 << 20));
        assertThat(refusal).isNotNull();
        assertThat(refusal.errorCode()).isEqualTo(error);
    }
}
