package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.files.FaultyFileSystem;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the journal is for, and that nothing is left of it. What must hold whatever happens, {@link FaultHistory} tells. */
class JournalTest {

    private final FaultyFileSystem files = new FaultyFileSystem();
    private final Map<String, Integer> forces = new HashMap<>();

    /** Counts how often files are forced, by the beginning or the end of their names. */
    private final FileOperations counted = new FileOperations() {
        @Override
        public FileChannel open(Path file, OpenOption... options) throws IOException {
            String name = file.getFileName().toString();
            String kind = name.startsWith(Journal.FILE_PREFIX)
                    ? Journal.FILE_PREFIX
                    : name.substring(Math.max(0, name.lastIndexOf('.')));
            return new ForwardingChannel(FileChannel.open(file, options)) {
                @Override
                public void force(boolean metaData) throws IOException {
                    forces.merge(kind, 1, Integer::sum);
                    super.force(metaData);
                }
            };
        }
    };

    private Path journalFile(int number) {
        return files.root().resolve(Journal.FILE_PREFIX + number);
    }

    /** As the loss of power leaves it, with nothing that was not synced. */
    private static FaultyFileSystem crash(FaultyFileSystem before, int seed) {
        return before.crash(new Random(seed), 512, (name, content, position) -> false);
    }

    @Test
    void aThousandLogsAreSyncedWithOneAccessToTheDevice() {
        try (JournalRun run = new JournalRun(files.root(), counted).open(1_000)) {
            forces.clear();
            run.appendAndSync();
            assertThat(forces.getOrDefault(Segment.LOG_SUFFIX, 0)).isZero();
            assertThat(forces.get(Journal.FILE_PREFIX)).isEqualTo(1);
        }
    }

    @Test
    void aLogThatWaitsAloneIsForcedByItself() {
        try (JournalRun run = new JournalRun(files.root(), counted).open(1)) {
            forces.clear();
            run.appendAndSync();
            assertThat(forces.get(Segment.LOG_SUFFIX)).isEqualTo(1);
            assertThat(journalFile(1)).doesNotExist();
        }
    }

    @Test
    void whatOnlyTheJournalHasIsThereAfterALossOfPower() {
        JournalRun run = new JournalRun(files.root(), FileOperations.SYSTEM).open(3);
        run.appendAndSync();
        run.appendAndSync();
        List<byte[]> content = List.of(run.readAll(0), run.readAll(1), run.readAll(2));
        for (int seed = 0; seed < 20; seed++) {
            FaultyFileSystem left = crash(files, seed);
            try (JournalRun after = new JournalRun(left.root(), FileOperations.SYSTEM)) {
                // One is opened, the others are looked after.
                after.logs.add(
                        after.tasks.await(after.engine.open(JournalRun.id(0), 1, new TextConfiguration(Map.of()))));
                assertThat(after.readAll(0)).isEqualTo(content.get(0));
                after.look();
                assertThat(left.root().resolve(Journal.FILE_PREFIX + 1)).doesNotExist();
            }
            FaultyFileSystem leftAgain = crash(left, seed);
            JournalRun last = new JournalRun(leftAgain.root(), FileOperations.SYSTEM).open(3);
            for (int log = 0; log < 3; log++) {
                assertThat(last.readAll(log)).startsWith(content.get(log));
            }
        }
    }

    @Test
    void aBrokerThatStopsInOrderLeavesNoJournal() {
        try (JournalRun run = new JournalRun(files.root(), FileOperations.SYSTEM).open(3)) {
            run.appendAndSync();
            assertThat(journalFile(1)).exists();
        }
        assertThat(journalFile(1)).doesNotExist();
    }

    @Test
    void itsFilesAreUsedAgainAndTakeNoMoreRoomThanWasSet() throws IOException {
        try (JournalRun run = new JournalRun(files.root(), FileOperations.SYSTEM).open(20)) {
            for (int i = 0; i < 600; i++) {
                run.appendAndSync();
            }
            long most = JournalRun.SETTINGS.fileBytes();
            for (int i = 1; i <= JournalRun.SETTINGS.mostFiles(); i++) {
                assertThat(Files.exists(journalFile(i)) ? Files.size(journalFile(i)) : 0)
                        .isLessThanOrEqualTo(most);
            }
            for (int i = JournalRun.SETTINGS.mostFiles() + 1; i <= Journal.MOST_FILES; i++) {
                assertThat(journalFile(i)).doesNotExist();
            }
        }
    }

    @Test
    void aFailureOfTheJournalIsNoneOfTheLogs() {
        try (JournalRun run = new JournalRun(files.root(), counted).open(3)) {
            run.appendAndSync();
            files.failNextForce();
            forces.clear();
            run.appendAndSync();
            assertThat(forces.get(Segment.LOG_SUFFIX)).isEqualTo(3);
            forces.clear();
            run.appendAndSync();
            assertThat(forces).doesNotContainKey(Journal.FILE_PREFIX);
            run.nanos.addAndGet(Journal.PAUSE_NANOS);
            run.appendAndSync();
            assertThat(forces.get(Journal.FILE_PREFIX)).isEqualTo(1);
        }
    }

    @Test
    void aLogThatCannotLeaveTheJournalIsNotWrittenAnyMore() {
        JournalRun run = new JournalRun(files.root(), FileOperations.SYSTEM).open(2);
        run.appendAndSync();
        files.failNextForce();
        // A higher epoch goes into the state file, and what only the journal has to the log's own files before.
        assertThatThrownBy(() -> run.tasks.await(run.engine.open(JournalRun.id(0), 2, new TextConfiguration(Map.of()))))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("Input/output error");
        assertThatThrownBy(() -> run.tasks.await(run.logs.get(0).append(Batches.single(2, 1_000))))
                .isInstanceOf(StorageException.class);
        for (int seed = 0; seed < 20; seed++) {
            JournalRun after = new JournalRun(crash(files, seed).root(), FileOperations.SYSTEM).open(2);
            assertThat(after.logs.get(0).endOffset()).isEqualTo(3);
        }
    }

    /** After a write that failed, Linux takes the pages for clean, and may read the old ones from the device when somebody asks for them again. */
    @Test
    void aLogThatIsOpenedAgainGetsBackWhatOnlyTheJournalHas() throws IOException {
        JournalRun run = new JournalRun(files.root(), FileOperations.SYSTEM).open(2);
        Path own = files.root().resolve("orders-0").resolve(Segment.nameOf(0) + Segment.LOG_SUFFIX);
        long forced = Files.size(own);
        run.appendAndSync();
        byte[] content = run.readAll(0);
        files.failNextForce();
        assertThatThrownBy(() -> run.tasks.await(run.engine.open(JournalRun.id(0), 2, new TextConfiguration(Map.of()))))
                .isInstanceOf(StorageException.class);
        try (FileChannel channel = FileChannel.open(own, StandardOpenOption.WRITE)) {
            channel.truncate(forced);
        }
        run.logs.set(0, run.tasks.await(run.engine.open(JournalRun.id(0), 2, new TextConfiguration(Map.of()))));
        assertThat(run.readAll(0)).isEqualTo(content);
    }

    @Test
    void aTrimThatFailsTakesNothingFromTheJournal() {
        JournalRun run = new JournalRun(files.root(), FileOperations.SYSTEM).open(3);
        run.appendAndSync();
        PartitionLog trimmed = run.logs.remove(0);
        long end = trimmed.endOffset();
        files.setFreeBytes(0);
        assertThatThrownBy(() -> run.tasks.await(trimmed.trim(end))).isInstanceOf(StorageException.class);
        files.setFreeBytes(Long.MAX_VALUE);
        // Until the journal's files have been used anew.
        for (int i = 0; i < 1_000; i++) {
            run.appendAndSync();
        }
        for (int seed = 0; seed < 20; seed++) {
            JournalRun after = new JournalRun(crash(files, seed).root(), FileOperations.SYSTEM).open(1);
            assertThat(after.logs.get(0).endOffset()).isGreaterThan(end);
        }
    }

    @Test
    void aFullDeviceIsNoFailureAsLongAsTheLogsHaveRoom() {
        try (JournalRun run = new JournalRun(files.root(), FileOperations.SYSTEM).open(3)) {
            files.setFreeBytes(3L * Batches.single(0, 1).sizeInBytes());
            run.appendAndSync();
            files.setFreeBytes(Long.MAX_VALUE);
            run.nanos.addAndGet(Journal.PAUSE_NANOS);
            run.appendAndSync();
            assertThat(journalFile(1)).exists();
        }
    }

    @Test
    void aDeletedLogDoesNotKeepTheJournal() {
        JournalRun run = new JournalRun(files.root(), FileOperations.SYSTEM).open(2);
        run.appendAndSync();
        run.tasks.await(run.engine.delete(JournalRun.id(0)));
        run.tasks.await(run.engine.delete(JournalRun.id(1)));
        for (int seed = 0; seed < 20; seed++) {
            FaultyFileSystem left = crash(files, seed);
            new JournalRun(left.root(), FileOperations.SYSTEM).look();
            assertThat(left.root().resolve(Journal.FILE_PREFIX + 1)).doesNotExist();
        }
    }

    @Test
    void aStateFileWithoutALineAboutTheJournalIsReadAndWrittenAsBefore() throws IOException {
        LogState old = LogState.unknown(7);
        old.write(FileOperations.SYSTEM, files.root());
        assertThat(Files.readString(files.root().resolve(LogState.NAME))).doesNotContain("journal");
        assertThat(LogState.read(files.root())).contains(old);
        LogState both = new LogState(3, 7, 9, old.segments(), 7, 4711);
        both.write(FileOperations.SYSTEM, files.root());
        assertThat(LogState.read(files.root())).contains(both);
    }
}
