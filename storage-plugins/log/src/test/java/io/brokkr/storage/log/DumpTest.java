package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.testkit.files.FolderTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code brokkr log dump} shows what is there, whatever it is. */
class DumpTest {

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void anyBytesCanBeShown(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path root = Files.createTempDirectory("dump");
        try {
            Path log = RandomHistory.live(root, random);
            for (Path file : RandomHistory.files(log, "")) {
                byte[] bytes = Files.readAllBytes(file);
                for (int hits = random.nextInt(4); hits > 0 && bytes.length > 0; hits--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                Files.write(file, random.nextInt(8) == 0 ? noise(random) : bytes);
            }
            assertThat(ToolRun.of("dump", log.toString(), "--records").complaints())
                    .isEmpty();
        } finally {
            FolderTree.delete(root);
        }
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[random.nextInt(500)];
        random.nextBytes(noise);
        return noise;
    }

    /** Records that do not fit their header, under a checksum that is right. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void recordsThatMakeNoSenseAreSaidToMakeNone(@ForAll long seed, @ForAll byte[] records) throws IOException {
        Random random = new Random(seed);
        Path folder = Files.createTempDirectory("dump");
        try {
            ByteBuffer bytes = ByteBuffer.allocate(RecordBatch.HEADER_SIZE + records.length);
            random.nextBytes(bytes.array());
            bytes.putLong(0, 0)
                    .putInt(8, bytes.capacity() - 12)
                    .put(16, RecordBatch.MAGIC)
                    .putInt(23, 3);
            bytes.position(RecordBatch.HEADER_SIZE).put(records);
            java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
            crc.update(bytes.array(), 21, bytes.capacity() - 21);
            bytes.putInt(17, (int) crc.getValue());
            Path file = Files.write(folder.resolve(Segment.nameOf(0) + ".log"), bytes.array());
            ToolRun run = ToolRun.of("dump", file.toString(), "--records");
            assertThat(run.output()).contains("offsets 0 to 3, position 0").contains("CRC ok");
            assertThat(run.status()).isZero();
        } finally {
            FolderTree.delete(folder);
        }
    }

    @Test
    void batchesRecordsAndIndexesAreShown(@TempDir Path folder) throws IOException {
        ByteBuffer built = new RecordBatchBuilder()
                .append(1_700_000_000_000L, utf8("key"), utf8("value"))
                .append(1_700_000_000_001L, null, ByteBuffer.wrap(new byte[] {0, (byte) 0xff}))
                .build();
        RecordBatch batch = RecordBatch.of(built);
        batch.setBaseOffset(40);
        ByteBuffer twice = ByteBuffer.allocate(2 * batch.sizeInBytes() + 3).put(batch.buffer());
        batch.setBaseOffset(42);
        twice.put(batch.buffer());
        Path segment = Files.write(folder.resolve(Segment.nameOf(40) + ".log"), twice.array());
        Path index = Files.write(
                folder.resolve(Segment.nameOf(40) + ".index"),
                ByteBuffer.allocate(8).putInt(3).putInt(batch.sizeInBytes()).array());
        ToolRun run = ToolRun.of("dump", folder.toString(), "--records");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output().lines())
                .containsExactly(
                        index.toString(),
                        "  position " + batch.sizeInBytes() + ", offset 43",
                        segment.toString(),
                        line(40, 41, 0, batch),
                        "    offset 40, timestamp 1700000000000, key «key», value «value»",
                        "    offset 41, timestamp 1700000000001, key null, value 0x00ff",
                        line(42, 43, batch.sizeInBytes(), batch),
                        "    offset 42, timestamp 1700000000000, key «key», value «value»",
                        "    offset 43, timestamp 1700000000001, key null, value 0x00ff",
                        "  DAMAGED position " + 2 * batch.sizeInBytes()
                                + ", 3 bytes: the file ends within the header of a batch");
        assertThat(ToolRun.of("dump", segment.toString(), "--from", "42", "--max", "1")
                        .output()
                        .lines())
                .containsExactly(segment.toString(), line(42, 43, batch.sizeInBytes(), batch));
    }

    private static String line(long from, long to, int position, RecordBatch batch) {
        return "  offsets " + from + " to " + to + ", position " + position + ", " + batch.sizeInBytes()
                + " bytes, 2 records, not compressed, timestamps 1700000000000 to 1700000000001, leader epoch "
                + batch.partitionLeaderEpoch() + ", CRC ok";
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
