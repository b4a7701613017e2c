package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which folder is whose. */
class DataFoldersTest {

    private static final Configuration DEFAULTS = new TextConfiguration(Map.of());

    @TempDir
    Path folder;

    private Path first;
    private Path second;

    @BeforeEach
    void makeFolders() throws IOException {
        first = Files.createDirectory(folder.resolve("first"));
        second = Files.createDirectory(folder.resolve("second"));
    }

    private StorageFixture fixture;

    @AfterEach
    void stop() {
        if (fixture != null) {
            fixture.close();
        }
    }

    private StorageEngine engine(Path... folders) {
        fixture = new StorageFixture(List.of(folders), Map.of());
        return new LogStorageEngineFactory().open(fixture);
    }

    private static LogId id(String topic, int partition) {
        return new LogId(new UUID(1, topic.hashCode()), topic, partition);
    }

    private static PartitionLog open(StorageEngine engine, LogId id) {
        return await(engine.open(id, 1, DEFAULTS));
    }

    private static long logsIn(Path root) throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(Files::isDirectory).count();
        }
    }

    @Test
    void aNewerFormatIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(second.resolve("brokkr-log-format"), "version: 2\n");
        assertThatThrownBy(() -> engine(second))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(second.toString())
                .hasMessageContaining("version: 2")
                .hasMessageContaining("start the newer Brokkr");
        assertThat(second.resolve("brokkr-log-format")).hasContent("version: 2\n");
    }

    @Test
    void aFolderThatIsNoneIsToldInASentence() {
        assertThatThrownBy(() -> engine(folder.resolve("missing")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void logsAreSpreadOverTheFoldersAndFoundAgain() throws IOException {
        try (StorageEngine engine = engine(first, second)) {
            for (int i = 0; i < 10; i++) {
                await(open(engine, id("orders", i)).append(Batches.single(i, 1)));
            }
        }
        fixture.close();
        assertThat(logsIn(first)).isEqualTo(5);
        assertThat(logsIn(second)).isEqualTo(5);
        try (StorageEngine engine = engine(second, first)) {
            for (int i = 0; i < 10; i++) {
                assertThat(open(engine, id("orders", i)).endOffset()).isEqualTo(i + 1);
            }
            assertThat(await(engine.locations())).hasSize(2).allSatisfy(location -> {
                assertThat(location.logSizesInBytes()).hasSize(5);
                assertThat(location.totalBytes()).isPositive();
            });
        }
    }

    @Test
    void theFolderWithFewestLogsIsTaken() throws IOException {
        try (StorageEngine engine = engine(first)) {
            for (int i = 0; i < 4; i++) {
                open(engine, id("orders", i));
            }
        }
        fixture.close();
        try (StorageEngine engine = engine(first, second)) {
            for (int i = 0; i < 4; i++) {
                open(engine, id("bills", i));
            }
            assertThat(logsIn(second)).isEqualTo(4);
        }
    }

    @Test
    void whatADeletionLeftBehindIsRemovedAtTheStart() throws IOException {
        Path leftover = Files.createDirectory(first.resolve("orders-0.0123456789abcdef0123456789abcdef-delete"));
        Files.writeString(leftover.resolve("00000000000000000000.log"), "rest");
        try (StorageEngine engine = engine(first)) {
            assertThat(await(engine.list())).isEmpty();
        }
        fixture.close();
        assertThat(leftover).doesNotExist();
    }

    @Test
    void aFolderWhoseMakingWasCutShortIsTaken() throws IOException {
        Files.createDirectory(first.resolve("orders-0"));
        Files.createFile(first.resolve("orders-0").resolve("partition.metadata"));
        try (StorageEngine engine = engine(first)) {
            await(open(engine, id("orders", 0)).append(Batches.single(0, 1)));
            assertThat(await(engine.list())).containsExactly(id("orders", 0));
        }
    }

    @Test
    void recordsOfNobodyAreNotTaken() throws IOException {
        try (StorageEngine engine = engine(first)) {
            await(open(engine, id("orders", 0)).append(Batches.single(0, 1)));
        }
        fixture.close();
        Files.delete(first.resolve("orders-0").resolve("partition.metadata"));
        try (StorageEngine engine = engine(first)) {
            assertThatThrownBy(() -> open(engine, id("orders", 0)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("orders-0")
                    .hasMessageContaining("partition.metadata");
        }
    }

    @Test
    void aLogAsideMovesWhenTheNameIsFree() throws IOException {
        LogId older = new LogId(new UUID(1, 1), "orders", 0);
        LogId newer = new LogId(new UUID(2, 2), "orders", 0);
        try (StorageEngine engine = engine(first)) {
            await(open(engine, older).append(Batches.single(0, 1)));
            PartitionLog log = open(engine, newer);
            await(log.append(Batches.single(7, 1)));
            assertThat(first.resolve("brokkr-same-name")).exists();
            await(engine.delete(older));
            await(log.close());
            assertThat(open(engine, newer).endOffset()).isEqualTo(8);
            assertThat(first.resolve("orders-0").resolve("00000000000000000000.log"))
                    .isNotEmptyFile();
        }
        fixture.close();
        try (StorageEngine engine = engine(first)) {
            assertThat(await(engine.list())).containsExactly(newer);
        }
    }

    @Test
    void aDamagedStateIsToldInASentence() throws IOException {
        try (StorageEngine engine = engine(first)) {
            await(open(engine, id("orders", 0)).append(Batches.single(0, 1)));
        }
        fixture.close();
        Path state = first.resolve("orders-0").resolve("brokkr-log-state");
        Files.writeString(state, Files.readString(state).replace("version: 1", "version: 9"));
        try (StorageEngine engine = engine(first)) {
            assertThatThrownBy(() -> open(engine, id("orders", 0)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("version 9")
                    .hasMessageContaining(state.toString());
            Files.writeString(state, "nonsense");
            assertThatThrownBy(() -> open(engine, id("orders", 0)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("damaged")
                    .hasMessageContaining(state.toString());
        }
    }

    /** What was deleted would be served again. */
    @Test
    void aStateThatIsLostIsToldAndARepairGoesOnWithoutIt() throws IOException {
        try (StorageEngine engine = engine(first)) {
            PartitionLog log = open(engine, id("orders", 0));
            await(log.append(Batches.single(0, 1)));
            await(log.append(Batches.single(1, 1)));
            await(log.trim(1));
        }
        fixture.close();
        Path state = first.resolve("orders-0").resolve("brokkr-log-state");
        Files.write(state, new byte[0]);
        expectRefused("the file " + state + " is damaged: restore it from a copy");
        Files.delete(state);
        expectRefused("the file " + state + " is missing, and the log has records: restore it from a copy");
        ToolRun verify = ToolRun.of("verify", first.toString());
        assertThat(verify.output()).contains(state.toString()).contains("the file is not there");
        assertThat(verify.status()).isEqualTo(1);
        assertThat(ToolRun.of("repair", first.toString(), "--yes").output()).contains("all logs are sound");
        try (StorageEngine engine = engine(first)) {
            assertThat(open(engine, id("orders", 0)).endOffset()).isEqualTo(2);
        }
    }

    private void expectRefused(String reason) {
        try (StorageEngine engine = engine(first)) {
            assertThatThrownBy(() -> open(engine, id("orders", 0)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(reason);
        }
        fixture.close();
    }

    @Test
    void namesThatAreNoneHideNothing() throws IOException {
        LogId id = id("orders", 0);
        try (StorageEngine engine = engine(first)) {
            await(open(engine, id).append(Batches.single(0, 1)));
            Path foreign = Files.createDirectory(first.resolve("orders-9999999999"));
            TopicIdFile.write(foreign, id.topicId());
            assertThat(await(engine.list())).containsExactly(id);
        }
        fixture.close();
        Path log = first.resolve("orders-0");
        Files.createFile(log.resolve("99999999999999999999.log"));
        Path leftover = Files.createFile(log.resolve("00000000000000000000.log.tmp"));
        try (StorageEngine engine = engine(first)) {
            assertThat(open(engine, id).endOffset()).isEqualTo(1);
            assertThat(leftover)
                    .as("a copy of a segment that a crash cut short")
                    .doesNotExist();
        }
    }

    @Test
    void syncedBytesThatAreGoneAreNotPassedOverInSilence() throws IOException {
        try (StorageEngine engine = engine(first)) {
            PartitionLog log = open(engine, id("orders", 0));
            await(log.append(Batches.single(0, 1)));
            await(log.append(Batches.single(1, 1)));
        }
        fixture.close();
        Path file = first.resolve("orders-0").resolve("00000000000000000000.log");
        byte[] content = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(content, content.length - 1));
        try (StorageEngine engine = engine(first)) {
            assertThatThrownBy(() -> open(engine, id("orders", 0)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("restore");
            Files.delete(file);
            assertThatThrownBy(() -> open(engine, id("orders", 0)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(file.getFileName().toString());
        }
    }
}
