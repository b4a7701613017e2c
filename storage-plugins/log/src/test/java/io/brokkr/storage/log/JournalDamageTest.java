package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.files.FaultyFileSystem;
import io.brokkr.testkit.files.FolderTree;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A journal that something other than a crash has damaged: what is sound of it counts, and never is a record wrong. */
class JournalDamageTest {

    private static final int LOGS = 2;

    /** The rounds that only the journal has. */
    private static final int ROUNDS = 3;

    private final Path root;
    private final Path journal;
    private final byte[] sound;
    private final List<byte[]> content;
    private final int batchSize;

    /** A loss of power: the logs' own files have what was there before the journal. */
    JournalDamageTest(@TempDir Path folder, TestInfo test) throws IOException {
        // The tools want real files; all the others are faster without them.
        root = test.getTags().contains("tools") ? folder : new FaultyFileSystem().root();
        JournalRun run = new JournalRun(root, FileOperations.SYSTEM).open(LOGS);
        batchSize = run.readAll(0).length;
        for (int i = 0; i < ROUNDS; i++) {
            run.appendAndSync();
        }
        content = List.of(run.readAll(0), run.readAll(1));
        journal = root.resolve(Journal.FILE_PREFIX + 1);
        sound = Files.readAllBytes(journal);
        loseTails();
    }

    private Path segment(int log) {
        return root.resolve("orders-" + log).resolve(Segment.nameOf(0) + Segment.LOG_SUFFIX);
    }

    private void loseTails() throws IOException {
        for (int log = 0; log < LOGS; log++) {
            try (FileChannel channel = FileChannel.open(segment(log), StandardOpenOption.WRITE)) {
                channel.truncate(batchSize);
            }
        }
    }

    /** Opens the logs and gives how many batches were found in each, all of which are what they were. */
    private int[] recover() {
        try (JournalRun run = new JournalRun(root, FileOperations.SYSTEM)) {
            int[] found = new int[LOGS];
            for (int log = 0; log < LOGS; log++) {
                run.logs.add(run.tasks.await(run.engine.open(JournalRun.id(log), 1, new TextConfiguration(Map.of()))));
                byte[] bytes = run.readAll(log);
                assertThat(bytes).isEqualTo(Arrays.copyOf(content.get(log), bytes.length));
                found[log] = bytes.length / batchSize;
            }
            return found;
        }
    }

    @Test
    void aSoundOneHasEverything() {
        assertThat(recover()).containsOnly(1 + ROUNDS);
    }

    @Test
    void aRemovedOneHasNothing() throws IOException {
        Files.delete(journal);
        assertThat(recover()).containsOnly(1);
    }

    @Test
    void ofATruncatedOneWhatIsLeftCounts() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 30; i++) {
            again(Arrays.copyOf(sound, random.nextInt(sound.length)));
            for (int found : recover()) {
                assertThat(found).isBetween(1, 1 + ROUNDS);
            }
        }
        again(new byte[0]);
        assertThat(recover()).containsOnly(1);
    }

    /** The folder as after the loss of power, with another journal. */
    private void again(byte[] content) throws IOException {
        for (int log = 0; log < LOGS; log++) {
            FolderTree.delete(segment(log).getParent());
        }
        Files.deleteIfExists(journal);
        JournalRun run = new JournalRun(root, FileOperations.SYSTEM).open(LOGS);
        for (int log = 0; log < LOGS; log++) {
            assertThat(run.readAll(log)).hasSize(batchSize);
        }
        Files.write(journal, content);
    }

    @Test
    void garbageIsNotTakenForRecords() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 30; i++) {
            byte[] garbage = sound.clone();
            int from = i == 0 ? 0 : random.nextInt(garbage.length);
            byte[] noise = new byte[1 + random.nextInt(garbage.length - from)];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, garbage, from, noise.length);
            again(garbage);
            recover();
        }
    }

    /** In the file's header it voids the file; anywhere else it costs what is behind one entry in the same log, and nothing of the other one. */
    @Test
    void aWrongBitCostsTheOtherLogNothing() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 60; i++) {
            byte[] wrong = sound.clone();
            int at = random.nextInt(wrong.length);
            wrong[at] ^= (byte) (1 << random.nextInt(8));
            again(wrong);
            int[] found = recover();
            if (at < JournalFormat.FILE_HEADER_BYTES) {
                assertThat(found).containsOnly(1);
            } else {
                assertThat(found).as("bit in byte %d", at).contains(1 + ROUNDS);
            }
        }
    }

    /** The position of each entry in a file. */
    private static List<Integer> entriesIn(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        long salt = JournalFormat.FileHeader.read(bytes).salt();
        List<Integer> entries = new ArrayList<>();
        for (int at = JournalFormat.BLOCK_BYTES; at + JournalFormat.ENTRY_HEADER_BYTES <= file.length; at++) {
            int size = JournalFormat.claimedSize(bytes, at, salt);
            if (size > 0 && at + size <= file.length && JournalFormat.readEntry(bytes, at) != null) {
                entries.add(at);
            }
        }
        return entries;
    }

    /** Of an entry of several blocks all but the first lie where the next round might begin. */
    @Test
    void damageInALargeEntryCostsNoOtherLogAnything() throws IOException {
        Path root = new FaultyFileSystem().root();
        try (JournalRun run = new JournalRun(root, FileOperations.SYSTEM).open(LOGS)) {
            Path file = root.resolve(Journal.FILE_PREFIX + 1);
            for (int round = 0; round < ROUNDS; round++) {
                for (PartitionLog log : run.logs) {
                    run.tasks.await(log.append(Batches.of(log.endOffset(), 1, 9_000, 1_000)));
                }
                run.logs.stream().map(PartitionLog::sync).toList().forEach(run.tasks::await);
            }
            byte[] large = Files.readAllBytes(file);
            List<Integer> entries = entriesIn(large);
            // Before them, one of each log when it was opened.
            assertThat(entries).hasSize(LOGS * (1 + ROUNDS));
            for (int lost = LOGS; lost < entries.size(); lost++) {
                byte[] wrong = large.clone();
                wrong[entries.get(lost) + JournalFormat.ENTRY_HEADER_BYTES + 5_000] ^= 4;
                Files.write(file, wrong);
                JournalScan scan = new JournalScan(root, FileOperations.SYSTEM);
                int found = scan.places().values().stream()
                        .mapToInt(JournalPlaces::count)
                        .sum();
                assertThat(found).isEqualTo(entries.size() - 1);
            }
            Files.write(file, large);
        }
    }

    @Test
    void theOperatorIsToldOfDamageBeforeALaterRoundAndOfNoTornEnd() throws IOException {
        List<Integer> entries = entriesIn(sound);
        int last = entries.size() - 1;
        byte[] wrong = sound.clone();
        wrong[entries.get(1) + JournalFormat.ENTRY_HEADER_BYTES] ^= 1;
        assertThat(linesAbout(wrong))
                .singleElement()
                .asString()
                .contains(journal + " is damaged from position " + entries.get(1) + " on");
        assertThat(linesAbout(sound)).isEmpty();
        assertThat(linesAbout(Arrays.copyOf(sound, sound.length - 1))).isEmpty();
        byte[] torn = sound.clone();
        torn[entries.get(last - 1) + JournalFormat.ENTRY_HEADER_BYTES] ^= 1;
        assertThat(linesAbout(torn)).isEmpty();
    }

    /** What is said of a journal when it is read. */
    private List<String> linesAbout(byte[] content) throws IOException {
        Files.write(journal, content);
        List<String> lines = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(MessageFormat.format(line.getMessage(), line.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(JournalScan.class.getName());
        logger.addHandler(handler);
        try {
            new JournalScan(root, FileOperations.SYSTEM);
        } finally {
            logger.removeHandler(handler);
        }
        return lines;
    }

    @Test
    void oneOfANewerVersionIsRefusedAndLeftAlone() throws IOException {
        JournalFormat.FileHeader header = JournalFormat.FileHeader.read(ByteBuffer.wrap(sound));
        byte[] newer = sound.clone();
        new JournalFormat.FileHeader(2, header.ordinal(), header.salt())
                .toBytes()
                .get(newer, 0, JournalFormat.FILE_HEADER_BYTES);
        Files.write(journal, newer);
        assertThatThrownBy(this::recover)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(journal.toString())
                .hasMessageContaining("version 2")
                .hasMessageContaining("newer Brokkr");
        assertThat(journal).hasBinaryContent(newer);
    }

    @Test
    void oneThatCannotBeReadIsRefused() throws IOException {
        Files.delete(journal);
        Files.createDirectory(journal);
        assertThatThrownBy(this::recover)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(journal.toString())
                .hasMessageContaining("cannot be read")
                .hasMessageContaining("let the broker's user read it");
    }

    @Test
    void aSegmentThatIsGoneIsNotMadeOfItsTailAlone() throws IOException {
        Files.delete(segment(0));
        assertThatThrownBy(this::recover)
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining(Segment.nameOf(0))
                .hasMessageContaining("restore the folder from a copy");
    }

    /** What the journal has of a log cannot be told from what does not count any more, and must not go in silence. */
    @Test
    void theJournalWaitsForAStateFileThatIsLost() throws IOException {
        Path state = segment(0).resolveSibling(LogState.NAME);
        byte[] content = Files.readAllBytes(state);
        Files.delete(state);
        expectStateIsMissed();
        Files.write(state, new byte[0]);
        expectStateIsMissed();
        Files.write(state, content);
        assertThat(recover()).containsOnly(1 + ROUNDS);
    }

    @Test
    void theJournalWaitsForAStateFileThatIsLostWithAllThatTheSegmentHad() throws IOException {
        Path state = segment(0).resolveSibling(LogState.NAME);
        Files.delete(state);
        Files.write(segment(0), new byte[0]);
        expectStateIsMissed();
    }

    private void expectStateIsMissed() {
        assertThatThrownBy(this::recover)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(segment(0).resolveSibling(LogState.NAME).toString())
                .hasMessageContaining("restore it from a copy");
        assertThat(journal).hasBinaryContent(sound);
    }

    @Test
    @Tag("tools")
    void theToolsLeaveTheLogToTheBroker() throws IOException {
        for (String tool : List.of("verify", "repair")) {
            assertThatThrownBy(() -> ToolRun.of(tool, segment(0).getParent().toString()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("the broker did not stop in order: start and stop it first");
        }
        assertThat(Files.size(segment(0))).isEqualTo(batchSize);
        new JournalRun(root, FileOperations.SYSTEM).close();
        assertThat(ToolRun.of("verify", root.toString()).output()).contains("no fault found");
        assertThat(Files.readAllBytes(segment(0))).isEqualTo(content.get(0));
    }
}
