package io.brokkr.core.partition;

import static io.brokkr.core.partition.TestBroker.errorOf;
import static io.brokkr.core.partition.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.TopicPartition;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Storage that fails, and logs that come back. */
class PartitionFailureTest {

    private final TestBroker broker = TestBroker.withTopic(Map.of());

    @Test
    void afterAFailedAppendTheProducerGoesOnWhereTheLogIs() {
        Partition partition = broker.partition();
        get(partition.append(TestBatches.idempotent(1, 0, 0, "a"), Durability.COMMITTED));
        broker.engine.failAppends = 1;
        CompletionStage<Appended> lost = partition.append(TestBatches.idempotent(1, 0, 1, "b"), Durability.COMMITTED);
        assertThat(errorOf(lost)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        // The first use says why it cannot be done, and has the log opened again.
        assertThat(errorOf(partition.append(TestBatches.idempotent(1, 0, 2, "c"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(errorOf(partition.append(TestBatches.idempotent(1, 0, 2, "c"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(get(partition.append(TestBatches.idempotent(1, 0, 1, "b"), Durability.COMMITTED)))
                .isEqualTo(new Appended(1, 1, -1, 0));
        assertThat(get(partition.append(TestBatches.idempotent(1, 0, 2, "c"), Durability.COMMITTED)))
                .isEqualTo(new Appended(2, 2, -1, 0));
    }

    @Test
    void whatWasWrittenWhenTheSyncFailedIsRecognisedWhenItIsSentAgain() {
        Partition partition = broker.partition();
        broker.engine.failSyncs = 1;
        assertThat(errorOf(partition.append(TestBatches.idempotent(1, 0, 0, "a"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(errorOf(partition.read(0, 1, true, Isolation.LOG_END))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(get(partition.append(TestBatches.idempotent(1, 0, 0, "a"), Durability.COMMITTED)))
                .isEqualTo(new Appended(0, 0, -1, 0));
        assertThat(partition.highWatermark()).isEqualTo(1);
    }

    @Test
    void aLogThatCannotBeOpenedAgainIsTriedByEveryUse() {
        Partition partition = broker.partition();
        broker.engine.failAppends = 1;
        broker.engine.failOpens = 2;
        for (int i = 0; i < 4; i++) {
            assertThat(errorOf(partition.append(TestBatches.batch("a"), Durability.COMMITTED)))
                    .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        }
        assertThat(errorOf(partition.append(TestBatches.batch("a"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.NONE);
    }

    /** As on a disk that is full, or takes no writes: what was committed is served, and nothing that was not. */
    @Test
    void whatWasCommittedIsReadUntilTheLogIsOpenAgain() {
        Partition partition = broker.partition();
        get(partition.append(TestBatches.batch("a"), Durability.COMMITTED));
        broker.engine.failSyncs = 1;
        broker.engine.failOpens = 3;
        assertThat(errorOf(partition.append(TestBatches.batch("b"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        for (int i = 0; i < 3; i++) {
            assertThat(get(partition.read(0, 1_000, true, Isolation.LOG_END))
                            .records()
                            .sizeInBytes())
                    .isEqualTo(TestBatches.batch("a").remaining());
            assertThat(errorOf(partition.read(1, 1_000, true, Isolation.LOG_END)))
                    .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        }
        assertThat(errorOf(partition.read(1, 1_000, true, Isolation.LOG_END))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(get(partition.read(1, 1_000, true, Isolation.READ_UNCOMMITTED))
                        .records()
                        .sizeInBytes())
                .isEqualTo(TestBatches.batch("b").remaining());
    }

    @Test
    void aLogThatCannotEvenBeReadIsOpenedAgainByWhoReads() {
        Partition partition = broker.partition();
        get(partition.append(TestBatches.batch("a"), Durability.COMMITTED));
        broker.engine.failAppends = 1;
        assertThat(errorOf(partition.append(TestBatches.batch("b"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        broker.engine.kill();
        assertThat(errorOf(partition.read(0, 1_000, true, Isolation.LOG_END))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(get(partition.read(0, 1_000, true, Isolation.LOG_END))
                        .records()
                        .sizeInBytes())
                .isPositive();
    }

    @Test
    void whoWaitsIsWokenByAFailureAndCanWaitAgainAfterwards() {
        Partition partition = broker.partition();
        AtomicInteger calls = new AtomicInteger();
        partition.await(0, Isolation.READ_UNCOMMITTED, calls::incrementAndGet);
        broker.engine.failAppends = 1;
        errorOf(partition.append(TestBatches.batch("a"), Durability.COMMITTED));
        assertThat(calls).hasValue(1);
        errorOf(partition.read(0, 1, true, Isolation.LOG_END));
        partition.await(0, Isolation.READ_UNCOMMITTED, calls::incrementAndGet);
        assertThat(calls).hasValue(1);
        get(partition.append(TestBatches.batch("a"), Durability.COMMITTED));
        assertThat(calls).hasValue(2);
    }

    @Test
    void theBytesOfAnAppendAreNotGivenBackWhileTheEngineReadsThem() {
        Partition partition = broker.partition();
        broker.engine.delayedAppends = new ArrayDeque<>();
        CompletableFuture<Appended> underWay =
                partition.append(TestBatches.batch("a"), Durability.COMMITTED).toCompletableFuture();
        get(broker.topics.delete(partition.topicId()));
        assertThat(underWay).isNotDone();
        broker.engine.delayedAppends.remove().run();
        assertThat(errorOf(underWay)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aDeletedPartitionFailsEverythingWakesEveryoneAndLeavesNothing() {
        Partition partition = broker.partition();
        get(partition.append(TestBatches.batch("a"), Durability.COMMITTED));
        AtomicInteger calls = new AtomicInteger();
        partition.await(1, Isolation.READ_UNCOMMITTED, calls::incrementAndGet);
        partition.await(1, Isolation.LOG_END, calls::incrementAndGet);
        get(broker.topics.delete(partition.topicId()));
        assertThat(calls).hasValue(2);
        assertThat(broker.engine.disk).isEmpty();
        assertThat(broker.store.entries).isEmpty();
        assertThat(errorOf(partition.append(TestBatches.batch("b"), Durability.WRITTEN)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(partition.read(0, 1, true, Isolation.LOG_END)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(partition.findTimestamp(0, Isolation.LOG_END)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(partition.deleteRecordsBefore(-1))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(broker.partitions.open(TestBroker.PARTITION)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aTopicOfTheSameNameIsAnotherOne() {
        Partition old = broker.partition();
        get(old.append(TestBatches.batch("a"), Durability.COMMITTED));
        get(broker.topics.delete(old.topicId()));
        broker.create(Map.of());
        Partition fresh = broker.partition();
        assertThat(fresh.topicId()).isNotEqualTo(old.topicId());
        assertThat(fresh.logEndOffset()).isZero();
        assertThat(errorOf(old.read(0, 1, true, Isolation.LOG_END))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aPartitionThatIsDeletedWhileItIsBeingOpenedLeavesNothing() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        broker.engine.openGate = gate;
        CompletionStage<Partition> opening = broker.partitions.open(TestBroker.PARTITION);
        CompletionStage<Void> deletion =
                broker.topics.delete(broker.topics.find(TestBroker.TOPIC).id());
        assertThat(deletion.toCompletableFuture()).isNotDone();
        gate.complete(null);
        get(deletion);
        assertThat(errorOf(get(opening).read(0, 1, true, Isolation.LOG_END)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.engine.disk).isEmpty();
    }

    @Test
    void aPartitionThatIsDeletedWhileItIsOpenedAgainLeavesNothing() {
        Partition partition = broker.partition();
        broker.engine.failAppends = 1;
        errorOf(partition.append(TestBatches.batch("a"), Durability.COMMITTED));
        CompletableFuture<Void> gate = new CompletableFuture<>();
        broker.engine.openGate = gate;
        errorOf(partition.read(0, 1, true, Isolation.LOG_END));
        CompletionStage<Void> deletion = broker.topics.delete(partition.topicId());
        assertThat(deletion.toCompletableFuture()).isNotDone();
        gate.complete(null);
        get(deletion);
        assertThat(broker.engine.disk).isEmpty();
        AtomicInteger calls = new AtomicInteger();
        partition.await(100, Isolation.READ_UNCOMMITTED, calls::incrementAndGet);
        assertThat(calls).hasValue(1);
    }

    @Test
    void closingLetsEndWhatIsUnderWayAndRefusesWhatComes() {
        Partition partition = broker.partition();
        broker.engine.delayedSyncs = new ArrayDeque<>();
        CompletionStage<Appended> underWay = partition.append(TestBatches.batch("a"), Durability.COMMITTED);
        CompletionStage<Void> closing = broker.partitions.close();
        assertThat(errorOf(partition.append(TestBatches.batch("b"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(closing.toCompletableFuture()).isNotDone();
        broker.engine.delayedSyncs.remove().run();
        get(closing);
        assertThat(get(underWay)).isEqualTo(new Appended(0, 0, -1, 0));
        assertThat(broker.engine.calls).endsWith("producer-state", "close");
        assertThat(errorOf(partition.read(0, 1, true, Isolation.LOG_END))).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(errorOf(broker.partitions.open(new TopicPartition(TestBroker.TOPIC, 1))))
                .isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }
}
