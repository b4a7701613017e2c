package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.RecordData;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.Stages;
import io.brokkr.testkit.storage.TextConfiguration;
import io.brokkr.testkit.time.VirtualClock;
import io.brokkr.testkit.time.VirtualScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of logs and files that nobody uses, with the time in the test's hand. */
class RestingLogsTest {

    private static final LogId ORDERS = new LogId(new UUID(1, 1), "orders", 0);
    private static final LogId BILLS = new LogId(new UUID(2, 2), "bills", 0);

    @TempDir
    private Path folder;

    private final WatchedFiles files = new WatchedFiles();
    private final VirtualClock clock = new VirtualClock();
    private final VirtualScheduler scheduler = new VirtualScheduler(clock, 1);

    @SuppressWarnings("NullAway.Init")
    private StorageEngine engine;

    @BeforeEach
    void start() {
        engine = new LogStorageEngine(new QueuedContext(scheduler, folder, clock), files);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private <T> T await(CompletionStage<T> stage) {
        scheduler.runDueTasks();
        return Stages.await(stage);
    }

    private PartitionLog open(LogId id, int segmentBytes) {
        return await(
                engine.open(id, 1, new TextConfiguration(Map.of("segment.bytes", Integer.toString(segmentBytes)))));
    }

    private void append(PartitionLog log, int count) {
        for (int i = 0; i < count; i++) {
            await(log.append(Batches.single(log.endOffset(), 1_000)));
        }
    }

    private void lookOnce() {
        scheduler.advance(LogStorageEngine.LOOK);
    }

    /** One look to see where the log ends, and those that must find nothing new. */
    private void bringToRest() {
        for (int i = 0; i <= LogStorageEngine.LOOKS_BEFORE_REST; i++) {
            lookOnce();
        }
    }

    private LogState stateOf(LogId id) throws IOException {
        return LogState.read(folder.resolve(id.toString())).orElseThrow();
    }

    @Test
    void aLogThatRestsHasNoFileOpenAndIsClosedWithoutTheDevice() throws IOException {
        PartitionLog log = open(ORDERS, 1_000_000);
        append(log, 10);
        lookOnce();
        assertThat(files.open).hasSize(1);
        lookOnce();
        lookOnce();
        assertThat(files.open).isEmpty();
        assertThat(files.logForces).hasValue(0);
        bringToRest();
        assertThat(files.open).isEmpty();
        assertThat(stateOf(ORDERS).endOffset()).isEqualTo(10);
        int forces = files.logForces.get();
        assertThat(forces).isPositive();
        await(log.close());
        assertThat(files.logForces).hasValue(forces);
    }

    @Test
    void itIsNotBroughtToRestTwiceAndGoesOnWithTheNextAppend() throws IOException {
        PartitionLog log = open(ORDERS, 1_000_000);
        append(log, 10);
        bringToRest();
        int forces = files.logForces.get();
        lookOnce();
        lookOnce();
        assertThat(files.logForces).hasValue(forces);
        append(log, 5);
        assertThat(files.open).hasSize(1);
        bringToRest();
        assertThat(files.open).isEmpty();
        assertThat(stateOf(ORDERS).endOffset()).isEqualTo(15);
        try (RecordData all = await(log.read(0, 1 << 20, true, Long.MAX_VALUE))) {
            assertThat(all.sizeInBytes()).isEqualTo(log.sizeInBytes());
        }
    }

    @Test
    void aLogThatIsWrittenAllTheTimeIsLeftAlone() {
        PartitionLog log = open(ORDERS, 1_000_000);
        for (int i = 0; i < 10; i++) {
            append(log, 1);
            lookOnce();
        }
        assertThat(files.logForces).hasValue(0);
        assertThat(files.open).hasSize(1);
    }

    @Test
    void aDeviceThatFailsThenEndsThatLogAlone() {
        PartitionLog orders = open(ORDERS, 1_000_000);
        append(orders, 1);
        files.forceFails = true;
        bringToRest();
        files.forceFails = false;
        assertThatThrownBy(() -> append(orders, 1))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("Input/output error");
        PartitionLog bills = open(BILLS, 1_000_000);
        append(bills, 1);
        bringToRest();
        append(bills, 1);
        assertThat(bills.endOffset()).isEqualTo(2);
    }

    @Test
    void readersLeaveABoundedNumberOfFilesOpenForAWhile() {
        PartitionLog log = open(ORDERS, 14);
        int segments = OpenFiles.MOST_RESTING + 100;
        append(log, segments);
        Stages.await(log.sync());
        bringToRest();
        // The files of the other segments rest since their sync.
        lookOnce();
        assertThat(files.open).isEmpty();
        for (int offset = 0; offset < segments; offset++) {
            await(log.read(offset, 1, true, offset + 1L)).close();
        }
        assertThat(files.open).hasSize(OpenFiles.MOST_RESTING);
        lookOnce();
        lookOnce();
        assertThat(files.open).isEmpty();
    }

    @Test
    void writersKeepABoundedNumberOfFilesOpenAndAllAreWritten() {
        int logs = OpenFiles.MOST_WRITTEN + OpenFiles.MOST_RESTING + 50;
        List<PartitionLog> all = new ArrayList<>();
        for (int i = 0; i < logs; i++) {
            PartitionLog log = open(new LogId(new UUID(3, i), "many", i), 1_000_000);
            append(log, 1);
            all.add(log);
        }
        assertThat(files.open).hasSize(OpenFiles.MOST_WRITTEN + OpenFiles.MOST_RESTING);
        for (PartitionLog log : all) {
            append(log, 1);
        }
        assertThat(files.open).hasSize(OpenFiles.MOST_WRITTEN + OpenFiles.MOST_RESTING);
        PartitionLog last = all.get(logs - 1);
        try (RecordData both = await(last.read(0, 1 << 20, true, Long.MAX_VALUE))) {
            assertThat(both.sizeInBytes()).isEqualTo(last.sizeInBytes()).isPositive();
        }
        lookOnce();
        lookOnce();
        lookOnce();
        assertThat(files.open).isEmpty();
    }

    @Test
    void aFileThatIsDeletedIsClosedAtOnceUnlessSomebodyReadsIt() {
        PartitionLog log = open(ORDERS, 14);
        append(log, 3);
        Stages.await(log.sync());
        bringToRest();
        await(log.read(0, 1, true, 1)).close();
        RecordData held = await(log.read(1, 1, true, 2));
        assertThat(files.open).hasSize(2);
        await(log.trim(2));
        assertThat(files.open).hasSize(1);
        held.close();
        assertThat(files.open).isEmpty();
    }
}
