package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.files.FolderTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code brokkr log verify} finds what is wrong, and nothing else. */
class VerifyTest {

    /** The one field of a batch that nothing vouches for: not the checksum, and no neighbour. */
    private static boolean isLeaderEpoch(int inBatch) {
        return inBatch >= 12 && inBatch < 16;
    }

    @Property(tries = 25, edgeCases = EdgeCasesMode.NONE)
    void aLogOfTheEngineIsSound(@ForAll long seed) throws IOException {
        Path root = Files.createTempDirectory("verify");
        try {
            RandomHistory.live(root, new Random(seed));
            ToolRun run = ToolRun.of("verify", root.toString());
            assertThat(run.output()).contains("no fault found");
            assertThat(run.status()).isZero();
        } finally {
            FolderTree.delete(root);
        }
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void aFlippedBitInABatchIsFound(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path root = Files.createTempDirectory("verify");
        try {
            Path log = RandomHistory.live(root, random);
            List<Path> segments = RandomHistory.files(log, ".log").stream()
                    .filter(file -> file.toFile().length() > 0)
                    .toList();
            Assume.that(!segments.isEmpty());
            Path segment = segments.get(random.nextInt(segments.size()));
            byte[] bytes = Files.readAllBytes(segment);
            int at = random.nextInt(bytes.length);
            int inBatch = at - startOfBatchAt(bytes, at);
            Assume.that(!isLeaderEpoch(inBatch) && !isBaseOffset(inBatch));
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(segment, bytes);
            ToolRun run = ToolRun.of("verify", log.toString());
            assertThat(run.output()).contains(segment + ": position ");
            assertThat(run.status()).isEqualTo(1);
        } finally {
            FolderTree.delete(root);
        }
    }

    /** The checksum does not cover it: it is found where it contradicts the batches around it. */
    private static boolean isBaseOffset(int inBatch) {
        return inBatch < 8;
    }

    private static int startOfBatchAt(byte[] bytes, int at) {
        int start = 0;
        while (true) {
            int size = java.nio.ByteBuffer.wrap(bytes).getInt(start + 8) + 12;
            if (start + size > at) {
                return start;
            }
            start += size;
        }
    }

    @Property(tries = 25, edgeCases = EdgeCasesMode.NONE)
    void anyOtherContentOfAFileIsAFaultAndNeverAFailure(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path root = Files.createTempDirectory("verify");
        try {
            Path log = RandomHistory.live(root, random);
            List<Path> files = RandomHistory.files(log, "");
            Path file = files.get(random.nextInt(files.size()));
            byte[] noise = new byte[1 + random.nextInt(500)];
            random.nextBytes(noise);
            Files.write(file, noise);
            ToolRun run = ToolRun.of("verify", root.toString());
            assertThat(run.status()).as(run.output()).isEqualTo(1);
        } finally {
            FolderTree.delete(root);
        }
    }

    /** An entry alone has no neighbour that it contradicts. */
    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void anIndexOfOneEntryThatIsNoiseIsAFault(@ForAll long seed, @ForAll IndexFile.Layout layout) throws IOException {
        Random random = new Random(seed);
        Path root = Files.createTempDirectory("verify");
        try {
            Path log = RandomHistory.live(root, random);
            List<Path> files = RandomHistory.files(log, layout.suffix());
            // A history can end with all of its records trimmed.
            Assume.that(!files.isEmpty());
            Path file = files.get(random.nextInt(files.size()));
            byte[] noise = new byte[layout.entrySize()];
            random.nextBytes(noise);
            Files.write(file, noise);
            ToolRun run = ToolRun.of("verify", root.toString());
            assertThat(run.output()).contains(file + ": position 0, " + noise.length + " bytes");
            assertThat(run.status()).isEqualTo(1);
        } finally {
            FolderTree.delete(root);
        }
    }

    @Test
    void aBaseOffsetThatContradictsTheNextBatchIsBlamedOnItsOwnBatch(@TempDir Path root) throws IOException {
        Path log = root.resolve("orders-0");
        Files.createDirectory(log);
        TopicIdFile.write(log, RandomHistory.ID.topicId());
        Path segment = log.resolve(Segment.nameOf(0) + ".log");
        int size;
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < 3; i++) {
                channel.write(
                        io.brokkr.testkit.storage.Batches.of(i, 1, 10, 1_000).buffer());
            }
            size = (int) channel.size() / 3;
        }
        byte[] bytes = Files.readAllBytes(segment);
        bytes[size + 7] = 100;
        Files.write(segment, bytes);
        ToolRun run = ToolRun.of("verify", root.toString());
        assertThat(run.output())
                .contains(segment + ": position " + size + ", " + size + " bytes, offsets 1 to 1")
                .contains("the batch says that it goes to offset 100, and the next one begins at 2");
    }

    @Test
    void aFolderThatABrokerUsesIsRefused(@TempDir Path root) throws IOException {
        Path log = RandomHistory.live(root, new Random(1));
        try (FileChannel lock =
                FileChannel.open(root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            assertThatThrownBy(() -> ToolRun.of("verify", log.toString()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(root + " is in use by a broker");
        }
    }

    @Test
    void whatIsNoLogIsToldWithTheUsage(@TempDir Path root) {
        for (String[] arguments : new String[][] {
            {}, {"verfy"}, {"verify", "--quickly"}, {"verify", root.toString()}, {"verify", root + "/none"}
        }) {
            ToolRun run = ToolRun.of(arguments);
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.complaints()).startsWith("brokkr: ").contains("Usage: brokkr log verify");
        }
    }
}
