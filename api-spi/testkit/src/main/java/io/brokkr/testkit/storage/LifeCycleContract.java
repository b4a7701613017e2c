package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Opening, closing, deleting and listing. */
abstract class LifeCycleContract extends EngineContract {

    LifeCycleContract(StorageEngineContracts tested) {
        super(tested);
    }

    private static void assertUnusable(PartitionLog log) {
        assertFails(() -> await(log.append(Batches.single(log.endOffset(), 1))));
        assertFails(() -> await(log.sync()));
        assertFails(() -> await(log.read(log.startOffset(), 100, true, Long.MAX_VALUE)));
        assertFails(() -> await(log.findTimestamp(0)));
        assertFails(() -> await(log.trim(log.endOffset())));
        assertFails(() -> await(log.truncate(log.startOffset())));
        assertFails(() -> await(log.writeCheckpoint("note", Bytes.EMPTY)));
        assertFails(() -> await(log.readCheckpoint("note")));
    }

    private static void assertFails(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(StorageException.class);
    }

    @Test
    void aClosedLogIsOfNoUse() {
        PartitionLog log = open(id("orders"));
        append(log, 2);
        await(log.close());
        assertUnusable(log);
        await(log.close());
    }

    @Test
    void aLogIsOpenedAgainAsItWasClosed() {
        PartitionLog log = open(id("orders"));
        append(log, 300);
        byte[] content = readAll(log, 0);
        await(log.close());
        for (int i = 0; i < 3; i++) {
            PartitionLog again = open(id("orders"));
            assertThat(again.endOffset()).isEqualTo(300);
            assertThat(again.sizeInBytes()).isEqualTo(content.length);
            assertThat(readAll(again, 0)).isEqualTo(content);
            await(again.close());
        }
    }

    @Test
    void aLogGoesOnWhereItWasClosed() {
        for (int i = 0; i < 20; i++) {
            PartitionLog log = open(id("orders"));
            assertThat(log.endOffset()).isEqualTo(i * 30L);
            append(log, 30);
            await(log.close());
        }
        PartitionLog log = open(id("orders"));
        for (long offset = 0; offset < 600; offset += 7) {
            byte[] one = take(log.read(offset, 0, true, Long.MAX_VALUE));
            assertThat(one).isEqualTo(Batches.bytes(Batches.single(offset, 1_000 + offset)));
        }
    }

    @Test
    void theSameLogMayBeOpenTwiceUnderOneEpoch() {
        PartitionLog one = open(id("orders"));
        PartitionLog other = open(id("orders"));
        append(one, 2);
        await(one.close());
        append(other, 1);
        assertThat(other.endOffset()).isEqualTo(3);
    }

    @Test
    void aDeletedLogIsGone() {
        PartitionLog log = open(id("orders"));
        append(log, 3);
        await(engine.delete(log.id()));
        assertUnusable(log);
        assertThat(await(engine.list())).isEmpty();
        await(engine.delete(log.id()));
        PartitionLog again = open(id("orders"));
        assertThat(again.endOffset()).isZero();
        assertThat(readAll(again, 0)).isEmpty();
        await(log.close());
        append(again, 1);
        assertThat(again.endOffset()).isEqualTo(1);
    }

    @Test
    void aClosedLogCanBeDeleted() {
        PartitionLog log = open(id("orders"));
        append(log, 3);
        await(log.close());
        await(engine.delete(log.id()));
        assertThat(await(engine.list())).isEmpty();
        assertThat(open(id("orders")).endOffset()).isZero();
    }

    @Test
    void deletingWhatIsNotThereDoesNothing() {
        await(engine.delete(id("orders")));
        assertThat(await(engine.list())).isEmpty();
    }

    @Test
    void topicsOfTheSameNameHaveLogsOfTheirOwn() {
        LogId older = new LogId(new UUID(1, 1), "orders", 0);
        LogId newer = new LogId(new UUID(2, 2), "orders", 0);
        PartitionLog olderLog = open(older);
        append(olderLog, 3);
        PartitionLog newerLog = open(newer);
        assertThat(newerLog.endOffset()).isZero();
        append(newerLog, 1);
        append(olderLog, 1);
        assertThat(olderLog.endOffset()).isEqualTo(4);
        assertThat(await(engine.list())).containsExactlyInAnyOrder(older, newer);
        await(engine.delete(older));
        append(newerLog, 1);
        await(newerLog.close());
        assertThat(open(newer).endOffset()).isEqualTo(2);
        assertThat(await(engine.list())).containsExactly(newer);
    }

    @Test
    void aTopicOfTheSameNameDoesNotTakeOverWhatIsClosed() {
        LogId older = new LogId(new UUID(1, 1), "orders", 0);
        LogId newer = new LogId(new UUID(2, 2), "orders", 0);
        PartitionLog log = open(older);
        append(log, 3);
        await(log.close());
        assertThat(open(newer).endOffset()).isZero();
        assertThat(open(older).endOffset()).isEqualTo(3);
    }

    @Test
    void allKindsOfNames() {
        List<LogId> ids = new ArrayList<>();
        for (String topic : List.of("a", "a-1", "a.b_c", "a-1-delete", "x".repeat(249), "__consumer_offsets")) {
            for (int partition : new int[] {0, 1, 10, 99_999}) {
                ids.add(new LogId(new UUID(7, topic.hashCode()), topic, partition));
            }
        }
        ids.forEach(id -> append(open(id), id.partition() % 7 + 1));
        assertThat(await(engine.list())).containsExactlyInAnyOrderElementsOf(ids);
        ids.forEach(id -> assertThat(open(id).endOffset()).isEqualTo(id.partition() % 7 + 1));
        ids.forEach(id -> await(engine.delete(id)));
        assertThat(await(engine.list())).isEmpty();
    }

    @Test
    void manyLogsAreOpenedAtOnce() {
        List<CompletionStage<PartitionLog>> opening = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            opening.add(engine.open(new LogId(new UUID(3, 3), "orders", i), 1, configuration()));
        }
        for (CompletionStage<PartitionLog> stage : opening) {
            append(await(stage), 1);
        }
        assertThat(await(engine.list())).hasSize(100);
    }

    @Test
    void theSameLogIsOpenedManyTimesAtOnce() {
        List<CompletionStage<PartitionLog>> opening = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            opening.add(engine.open(id("orders"), 1, configuration()));
        }
        opening.forEach(stage -> append(await(stage), 1));
        assertThat(open(id("orders")).endOffset()).isEqualTo(50);
    }

    /** All of a log is somewhere; an engine on several places may have parts of it in each. */
    @Test
    void theOperatorIsToldWhereLogsAre() {
        PartitionLog log = open(id("orders"));
        append(log, 10);
        List<StorageLocation> locations = await(engine.locations());
        assertThat(locations).isNotEmpty();
        assertThat(locations).allSatisfy(location -> assertThat(location.name()).isNotEmpty());
        assertThat(locations.stream()
                        .map(StorageLocation::logSizesInBytes)
                        .filter(sizes -> sizes.containsKey(log.id()))
                        .mapToLong(sizes -> sizes.get(log.id())))
                .isNotEmpty()
                .satisfies(sizes ->
                        assertThat(sizes.stream().mapToLong(size -> size).sum()).isEqualTo(log.sizeInBytes()));
    }

    @Test
    void theEndOfTheEngineIsTheEndOfItsLogs() {
        PartitionLog log = open(id("orders"));
        append(log, 1);
        engine.close();
        assertUnusable(log);
        assertFails(() -> open(id("orders")));
        engine.close();
    }

    @Test
    void logsOutliveTheEngineOrAreGone() {
        PartitionLog log = open(id("orders"));
        append(log, 300);
        byte[] content = readAll(log, 0);
        await(log.trim(100));
        if (!isDurable()) {
            assertIsGoneWithTheEngine(id("orders"));
            return;
        }
        restart();
        assertThat(await(engine.list())).containsExactly(id("orders"));
        PartitionLog again = open(id("orders"));
        assertThat(again.startOffset()).isEqualTo(100);
        assertThat(again.endOffset()).isEqualTo(300);
        assertThat(readAll(again, 100))
                .isEqualTo(java.util.Arrays.copyOfRange(content, content.length / 3, content.length));
    }

    @Test
    void deletionOutlivesTheEngine() {
        append(open(id("orders")), 3);
        await(engine.delete(id("orders")));
        restart();
        assertThat(await(engine.list())).isEmpty();
        assertThat(open(id("orders")).endOffset()).isZero();
    }
}
