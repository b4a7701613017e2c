package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.Stages;
import io.brokkr.testkit.storage.StorageContract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How often the device is used, and what happens when it fails. */
class DeviceTest extends StorageContract {

    private final WatchedFiles files = new WatchedFiles();
    private final Map<String, String> settings = new HashMap<>(Map.of("segment.bytes", "1000000"));

    @Override
    protected StorageEngineFactory factory() {
        return files.factory();
    }

    @Override
    protected Map<String, String> topicSettings() {
        return settings;
    }

    @Test
    void anAppendIsOneWrite() {
        PartitionLog log = open(id("orders"));
        append(log, 400);
        assertThat(files.logWrites).hasValue(400);
        assertThat(files.logBytesRead).hasValue(0);
    }

    @Test
    void whoKeepsUpIsServedWithoutLookingIntoFiles() {
        PartitionLog log = open(id("orders"));
        for (int i = 0; i < 100; i++) {
            append(log, 1);
            CompletionStage<RecordData> read = log.read(i, 1_000, false, i + 1);
            assertThat(read.toCompletableFuture()).isDone();
            assertThat(take(read)).isNotEmpty();
        }
        assertThat(files.logBytesRead.get()).isEqualTo(log.sizeInBytes());
    }

    @Test
    void afterACleanCloseNoSegmentIsReadThrough() {
        PartitionLog log = open(id("orders"));
        for (int i = 0; i < 1_000; i++) {
            append(log, Batches.of(i, 1, 5_000, i));
        }
        assertThat(log.segments()).hasSizeGreaterThan(4);
        await(log.close());
        files.logBytesRead.set(0);
        PartitionLog again = open(id("orders"));
        assertThat(again.endOffset()).isEqualTo(1_000);
        assertThat(files.logBytesRead.get()).isLessThan(30_000);
    }

    @Test
    void anIdleLogHasNoFileOpenAndABusyOneHasOne() {
        PartitionLog log = open(id("orders"));
        for (int i = 0; i < 1_000; i++) {
            append(log, Batches.of(i, 1, 5_000, i));
        }
        await(log.sync());
        RecordData held = await(log.read(0, 10, true, Long.MAX_VALUE));
        await(log.trim(1));
        assertThat(files.open).hasSizeBetween(1, 2);
        held.close();
        await(log.close());
        assertThat(files.open).isEmpty();
        PartitionLog again = open(id("orders"));
        readAll(again, 0 + again.startOffset());
        assertThat(files.open).isEmpty();
    }

    @Test
    void oneSyncAnswersAllWhoWait() {
        PartitionLog log = open(id("orders"));
        append(log, 1);
        await(log.sync());
        int before = files.logForces.get();
        files.forceGate = new CountDownLatch(1);
        append(log, 1);
        CompletionStage<Void> first = log.sync();
        files.awaitForce();
        List<CompletionStage<Void>> later = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            append(log, 1);
            later.add(log.sync());
        }
        assertThat(later).noneMatch(stage -> stage.toCompletableFuture().isDone());
        files.forceGate.countDown();
        await(first);
        later.forEach(Stages::await);
        assertThat(files.logForces.get() - before).isEqualTo(2);
    }

    /** What was appended after the device was told is not what the device was told. */
    @Test
    void anAppendDuringASyncNeedsTheNextOne() {
        PartitionLog log = open(id("orders"));
        append(log, 1);
        files.forceGate = new CountDownLatch(1);
        CompletionStage<Void> first = log.sync();
        files.awaitForce();
        append(log, 1);
        CompletableFuture<Void> second = log.sync().toCompletableFuture();
        CountDownLatch gate = files.forceGate;
        CountDownLatch secondGate = new CountDownLatch(1);
        files.forceBegan = new CountDownLatch(1);
        files.forceGate = secondGate;
        gate.countDown();
        await(first);
        files.awaitForce();
        assertThat(second).isNotDone();
        secondGate.countDown();
        await(second);
    }

    @Test
    void anAppendDuringASyncIsNotTakenForSynced() {
        PartitionLog log = open(id("orders"));
        append(log, 1);
        CountDownLatch gate = new CountDownLatch(1);
        files.forceGate = gate;
        CompletionStage<Void> first = log.sync();
        files.awaitForce();
        append(log, 1);
        gate.countDown();
        await(first);
        int before = files.logForces.get();
        await(log.sync());
        assertThat(files.logForces.get()).isGreaterThan(before);
    }

    @Test
    void whatIsSyncedIsNotSyncedAgain() {
        PartitionLog log = open(id("orders"));
        append(log, 3);
        await(log.sync());
        int before = files.logForces.get();
        await(log.sync());
        assertThat(log.sync().toCompletableFuture()).isDone();
        assertThat(files.logForces.get()).isEqualTo(before);
    }

    /** The offsets were synced before, the batches that have them now were not. */
    @Test
    void whatIsAppendedAfterATruncationIsSyncedAnew() {
        PartitionLog log = open(id("orders"));
        append(log, 5);
        await(log.close());
        log = open(id("orders"));
        append(log, 5);
        await(log.sync());
        int before = files.logForces.get();
        await(log.truncate(5));
        assertThat(files.logForces.get()).isGreaterThan(before);
        append(log, 3);
        before = files.logForces.get();
        await(log.sync());
        assertThat(files.logForces.get()).isGreaterThan(before);
    }

    @Test
    void recordsAreSyncedAsOftenAsTheTopicSays() {
        settings.put("flush.messages", "10");
        PartitionLog log = open(id("orders"));
        append(log, 9);
        assertThat(files.logForces).hasValue(0);
        CountDownLatch never = new CountDownLatch(0);
        files.forceGate = never;
        append(log, 1);
        files.awaitForce();
    }

    @Test
    void recordsAreSyncedAsSoonAsTheTopicSays() {
        settings.put("flush.ms", "1");
        PartitionLog log = open(id("orders"));
        files.forceGate = new CountDownLatch(0);
        append(log, 1);
        files.awaitForce();
    }

    @Test
    void aFullDiskEndsAppendsAndNothingElse() {
        PartitionLog log = open(id("orders"));
        append(log, 10);
        await(log.sync());
        byte[] content = readAll(log, 0);
        files.bytesLeft.set(70);
        assertThatThrownBy(() -> append(log, 1))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("orders-0");
        files.bytesLeft.set(Long.MAX_VALUE);
        assertThatThrownBy(() -> append(log, 1)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> await(log.sync())).isInstanceOf(StorageException.class);
        assertThat(log.endOffset()).isEqualTo(10);
        assertThat(readAll(log, 0)).isEqualTo(content);
        await(log.close());
        PartitionLog again = open(id("orders"));
        assertThat(readAll(again, 0)).isEqualTo(content);
        append(again, 1);
        assertThat(again.endOffset()).isEqualTo(11);
        await(again.close());
        assertThat(KafkaFiles.read(folder.resolve("orders-0")).get(0L)).hasSize(11);
    }

    @Test
    void aFailedSyncIsNotTriedAgain() {
        PartitionLog log = open(id("orders"));
        append(log, 10);
        files.forceFails = true;
        assertThatThrownBy(() -> await(log.sync()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("Input/output error");
        files.forceFails = false;
        int before = files.logForces.get();
        assertThatThrownBy(() -> await(log.sync())).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> append(log, 1)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> await(log.trim(1))).isInstanceOf(StorageException.class);
        await(log.close());
        assertThat(files.logForces.get()).isEqualTo(before);
        PartitionLog again = open(id("orders"));
        append(again, 1);
        await(again.sync());
    }

    @Test
    void aFailedLogIsReplacedByOpeningItAnew() {
        PartitionLog log = open(id("orders"));
        append(log, 10);
        files.bytesLeft.set(0);
        assertThatThrownBy(() -> append(log, 1)).isInstanceOf(StorageException.class);
        files.bytesLeft.set(Long.MAX_VALUE);
        PartitionLog again = open(id("orders"));
        append(again, 1);
        assertThatThrownBy(() -> append(log, 1)).isInstanceOf(StorageException.class);
        await(log.close());
        append(again, 1);
        assertThat(again.endOffset()).isEqualTo(12);
    }

    @Test
    void aTruncationThatFailsHalfWayLeavesALogThatIsWhole() {
        PartitionLog log = open(id("orders"));
        append(log, 10);
        byte[] content = readAll(log, 0);
        await(log.close());
        PartitionLog again = open(id("orders"));
        files.forceFails = true;
        assertThatThrownBy(() -> await(again.truncate(5))).isInstanceOf(StorageException.class);
        files.forceFails = false;
        await(again.close());
        PartitionLog recovered = open(id("orders"));
        assertThat(recovered.endOffset()).isEqualTo(5);
        assertThat(readAll(recovered, 0)).isEqualTo(java.util.Arrays.copyOf(content, content.length / 2));
    }

    @Test
    void aRollThatFailsLosesNothing() {
        settings.put("segment.bytes", "1000");
        PartitionLog log = open(id("orders"));
        append(log, 5);
        files.forceFails = true;
        RecordBatch large = Batches.of(5, 1, 900, 1);
        await(log.append(large));
        assertThatThrownBy(() -> {
                    await(log.sync());
                    append(log, 1);
                })
                .isInstanceOf(StorageException.class);
        files.forceFails = false;
        await(log.close());
        PartitionLog again = open(id("orders"));
        assertThat(again.endOffset()).isEqualTo(6);
    }
}
