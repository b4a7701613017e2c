package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import io.brokkr.testkit.files.FolderTree;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Data folders that go away and come back, while the engine runs and while it does not, as disks do that are not mounted. Whatever happens: a log is there with all that was
 * synced, or it is refused; one that lies in a folder which is there is served, and a new one is made, as long as the first folder is there.
 */
class FailingFoldersTest {

    private static final int FOLDERS = 3;
    private static final int LOGS = 7;
    private static final int STEPS = 60;

    @Property(tries = 25, edgeCases = EdgeCasesMode.NONE)
    void noLogBeginsAnewSinceAFolderIsAway(@ForAll long seed) throws IOException {
        Path home = Files.createTempDirectory("folders");
        try (Run run = new Run(home, new Random(seed))) {
            for (int i = 0; i < STEPS; i++) {
                run.step();
            }
            run.bringAllBack();
            for (int log = 0; log < LOGS; log++) {
                run.append(log);
            }
            run.restart();
            for (int log = 0; log < LOGS; log++) {
                run.append(log);
            }
        } finally {
            FolderTree.delete(home);
        }
    }

    /** One history. */
    private static final class Run implements AutoCloseable {

        private final Random random;
        private final List<Path> folders = new ArrayList<>();
        private final Path elsewhere;

        /** How many records of each log are there for certain, and how many there may be. */
        private final Map<Integer, long[]> ends = new HashMap<>();

        private final Map<Integer, UUID> ids = new HashMap<>();
        private final Map<Integer, PartitionLog> open = new HashMap<>();
        private StorageFixture fixture;
        private StorageEngine engine;

        Run(Path home, Random random) throws IOException {
            this.random = random;
            for (int i = 0; i < FOLDERS; i++) {
                folders.add(Files.createDirectory(home.resolve("disk" + i)));
            }
            elsewhere = Files.createDirectory(home.resolve("elsewhere"));
            start();
        }

        private void start() {
            fixture = new StorageFixture(folders, Map.of());
            engine = new LogStorageEngineFactory().open(fixture);
        }

        void restart() {
            open.clear();
            engine.close();
            fixture.close();
            start();
        }

        @Override
        public void close() {
            engine.close();
            fixture.close();
        }

        void step() throws IOException {
            int folder = random.nextInt(FOLDERS);
            switch (random.nextInt(8)) {
                case 0 -> takeAway(folder);
                case 1, 2 -> bringBack(folder);
                case 3 -> {
                    if (!isAway(0)) {
                        restart();
                    }
                }
                case 4 -> delete(random.nextInt(LOGS));
                default -> append(random.nextInt(LOGS));
            }
        }

        private boolean isAway(int folder) {
            return Files.exists(elsewhere.resolve("disk" + folder));
        }

        private void takeAway(int folder) throws IOException {
            if (!isAway(folder)) {
                Files.move(folders.get(folder), elsewhere.resolve("disk" + folder));
                if (random.nextBoolean()) {
                    // Where it was mounted.
                    Files.createDirectory(folders.get(folder));
                }
            }
        }

        private void bringBack(int folder) throws IOException {
            if (isAway(folder)) {
                // Nothing was put there meanwhile.
                Files.deleteIfExists(folders.get(folder));
                Files.move(elsewhere.resolve("disk" + folder), folders.get(folder));
            }
        }

        void bringAllBack() throws IOException {
            for (int folder = 0; folder < FOLDERS; folder++) {
                bringBack(folder);
            }
        }

        private LogId id(int log) {
            return new LogId(ids.computeIfAbsent(log, first -> new UUID(random.nextLong(), log)), "orders", log);
        }

        /** Which folder a log lies in; null if there is no such log. */
        private @Nullable Integer place(int log) throws IOException {
            for (int folder = 0; folder < FOLDERS; folder++) {
                Path root = isAway(folder) ? elsewhere.resolve("disk" + folder) : folders.get(folder);
                if (Files.exists(root) && LogFolders.logsIn(root).containsKey(id(log))) {
                    return folder;
                }
            }
            return null;
        }

        void append(int log) throws IOException {
            Integer place = place(log);
            boolean mustWork = place == null ? !isAway(0) : !isAway(place);
            long[] end = ends.computeIfAbsent(log, first -> new long[2]);
            try {
                PartitionLog opened = open.get(log);
                if (opened == null) {
                    opened = await(engine.open(id(log), 1, new TextConfiguration(Map.of())));
                    open.put(log, opened);
                    assertThat(opened.endOffset()).as("log %d", log).isBetween(end[0], end[1]);
                    assertThat(mustWork).as("log %d in folder %s", log, place).isTrue();
                    end[0] = opened.endOffset();
                }
                end[1] = Math.max(end[1], opened.endOffset() + 1);
                await(opened.append(Batches.single(opened.endOffset(), 1)));
                await(opened.sync());
                end[0] = opened.endOffset();
                end[1] = end[0];
                assertThat(place(log)).isNotNull();
                if (random.nextInt(3) == 0) {
                    await(open.remove(log).close());
                }
            } catch (StorageException refused) {
                PartitionLog failed = open.remove(log);
                if (failed != null) {
                    // It was opened before its folder went away; what is back by now was not there for all the time.
                    await(failed.close());
                } else {
                    assertThat(mustWork)
                            .as("log %d in folder %s: %s", log, place, refused)
                            .isFalse();
                    assertThat(refused.getMessage()).contains("disk");
                }
            }
        }

        private void delete(int log) throws IOException {
            Integer place = place(log);
            try {
                await(engine.delete(id(log)));
                open.remove(log);
                assertThat(place(log)).as("log %d", log).isNull();
                ends.remove(log);
                ids.remove(log);
            } catch (StorageException refused) {
                boolean isReachable = !isAway(0) && (place == null || !isAway(place));
                assertThat(isReachable)
                        .as("log %d in folder %s: %s", log, place, refused)
                        .isFalse();
            }
        }
    }

    /** Two folders, with a log in each. */
    private static final class Two implements AutoCloseable {

        private final Path home;
        private final Path first;
        private final Path second;
        private StorageFixture fixture;
        private StorageEngine engine;

        Two() throws IOException {
            home = Files.createTempDirectory("folders");
            first = Files.createDirectory(home.resolve("first"));
            second = Files.createDirectory(home.resolve("second"));
            start();
            for (int i = 0; i < 2; i++) {
                await(open(i).append(Batches.single(0, 1)));
            }
            assertThat(first.resolve("orders-0")).isDirectory();
            assertThat(second.resolve("orders-1")).isDirectory();
        }

        void start() {
            fixture = new StorageFixture(List.of(first, second), Map.of());
            engine = new LogStorageEngineFactory().open(fixture);
        }

        /** With what is done in the background, which ends with the fixture. */
        void stop() {
            engine.close();
            fixture.close();
        }

        PartitionLog open(int partition) {
            return await(
                    engine.open(new LogId(new UUID(3, 4), "orders", partition), 1, new TextConfiguration(Map.of())));
        }

        @Override
        public void close() throws IOException {
            stop();
            FolderTree.delete(home);
        }
    }

    @Example
    void aJournalThatCannotBeReadIsAFailureOfItsFolderAlone() throws IOException {
        try (Two folders = new Two()) {
            folders.stop();
            Path journal = Files.createDirectory(folders.second.resolve(Journal.FILE_PREFIX + 1));
            folders.start();
            assertThat(folders.open(0).endOffset()).isEqualTo(1);
            assertThatThrownBy(() -> folders.open(1))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("the journal file " + journal + " cannot be read");
            assertThat(await(folders.engine.locations()))
                    .extracting(StorageLocation::failure)
                    .satisfiesExactly(failure -> assertThat(failure).isNull(), failure -> assertThat(failure)
                            .contains(journal.toString()));
            assertThat(folders.open(2).endOffset()).isZero();
            assertThat(folders.first.resolve("orders-2")).isDirectory();
            Files.delete(journal);
            assertThat(folders.open(1).endOffset()).isEqualTo(1);
        }
    }

    @Example
    void theOperatorIsToldOnceThatAFolderHasFailedAndOnceThatItIsBack() throws IOException {
        List<String> lines = new CopyOnWriteArrayList<>();
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
        Logger log = Logger.getLogger("io.brokkr.storage.log");
        log.addHandler(handler);
        try (Two folders = new Two()) {
            folders.stop();
            Path elsewhere = folders.home.resolve("elsewhere");
            Files.move(folders.second, elsewhere);
            folders.start();
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> folders.open(1)).isInstanceOf(StorageException.class);
            }
            assertThat(lines).singleElement().satisfies(line -> assertThat(line)
                    .contains(folders.second.toString())
                    .contains("is gone")
                    .contains("bring it back")
                    .contains("KAFKA_STORAGE_ERROR"));
            lines.clear();
            Files.move(elsewhere, folders.second);
            for (int i = 0; i < 5; i++) {
                assertThat(folders.open(1).endOffset()).isEqualTo(1);
            }
            assertThat(lines).containsExactly("the data folder " + folders.second + " can be used again");
        } finally {
            log.removeHandler(handler);
        }
    }

    /** By the operator, or by an adoption. */
    @Example
    void aLogThatWasMovedFromFolderToFolderIsKnownThereFromTheNextStartOn() throws IOException {
        try (Two folders = new Two()) {
            folders.stop();
            Files.move(folders.first.resolve("orders-0"), folders.second.resolve("orders-0"));
            folders.start();
            folders.stop();
            Path elsewhere = folders.home.resolve("elsewhere");
            Files.move(folders.second, elsewhere);
            folders.start();
            assertThatThrownBy(() -> folders.open(0)).isInstanceOf(StorageException.class);
            Files.move(elsewhere, folders.second);
            assertThat(folders.open(0).endOffset()).isEqualTo(1);
        }
    }

    /** As by a broker before there was this file, or after somebody has removed it. */
    @Example
    void whereLogsLieIsWrittenAnewIfItIsMissing() throws IOException {
        try (Two folders = new Two()) {
            folders.stop();
            Files.delete(folders.first.resolve(LogPlaces.NAME));
            folders.start();
            folders.stop();
            Path elsewhere = folders.home.resolve("elsewhere");
            Files.move(folders.second, elsewhere);
            folders.start();
            assertThatThrownBy(() -> folders.open(1)).isInstanceOf(StorageException.class);
            Files.move(elsewhere, folders.second);
            assertThat(folders.open(1).endOffset()).isEqualTo(1);
        }
    }

    @Example
    void oneFolderAloneNeedsNoSuchFile() throws IOException {
        Path home = Files.createTempDirectory("folders");
        try (StorageFixture fixture = new StorageFixture(List.of(home), Map.of());
                StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
            await(engine.open(new LogId(new UUID(3, 4), "orders", 0), 1, new TextConfiguration(Map.of())));
            assertThat(home.resolve(LogPlaces.NAME)).doesNotExist();
        } finally {
            FolderTree.delete(home);
        }
    }
}
