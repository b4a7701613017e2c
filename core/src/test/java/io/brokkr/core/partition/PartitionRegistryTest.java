package io.brokkr.core.partition;

import static io.brokkr.core.partition.TestBroker.errorOf;
import static io.brokkr.core.partition.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.core.topic.StoredTopic;
import io.brokkr.core.topic.TopicListener;
import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.TopicPartition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class PartitionRegistryTest {

    /** Four of them are as much as is appended between two snapshots. */
    private static final String LARGE = "x".repeat(ProducerCheckpoint.DISTANCE_BYTES / 4);

    private final TestBroker broker = TestBroker.withTopic(Map.of("max.message.bytes", "100000000"));

    @Test
    void nothingIsOpenedBeforeItIsUsedAndThenOnceForAll() {
        assertThat(broker.engine.opens).isZero();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        broker.engine.openGate = gate;
        CompletionStage<Partition> first = broker.partitions.open(TestBroker.PARTITION);
        CompletionStage<Partition> second = broker.partitions.open(TestBroker.PARTITION);
        gate.complete(null);
        assertThat(get(first)).isSameAs(get(second));
        assertThat(broker.engine.opens).isEqualTo(1);
        CompletionStage<Partition> third = broker.partitions.open(TestBroker.PARTITION);
        assertThat(third).isSameAs(broker.partitions.open(TestBroker.PARTITION));
    }

    /** Also who comes while the others are being told: a pipelined request must not overtake the one before it. */
    @Test
    void whoWaitsForTheSameOpeningIsToldInTheOrderOfTheCalls() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        broker.engine.openGate = gate;
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            broker.partitions.open(TestBroker.PARTITION).thenAccept(partition -> {
                told.add(number);
                if (number < 5) {
                    broker.partitions.open(TestBroker.PARTITION).thenAccept(again -> told.add(10 + number));
                }
            });
        }
        gate.complete(null);
        assertThat(told).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
    }

    @Test
    void whatDoesNotExistIsNotOpened() {
        assertThat(errorOf(broker.partitions.open(new TopicPartition("nobody", 0))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(broker.partitions.open(new TopicPartition(TestBroker.TOPIC, 2))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(broker.partitions.open(new TopicPartition(TestBroker.TOPIC, -1))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.engine.opens).isZero();
    }

    @Test
    void aPartitionThatWasAddedCanBeUsedAtOnce() {
        TopicPartition added = new TopicPartition(TestBroker.TOPIC, 2);
        get(broker.topics.addPartitions(TestBroker.TOPIC, 3, false));
        assertThat(errorOf(broker.partitions.open(added))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void anOpeningThatFailedIsTriedAgainByTheNextUse() {
        broker.engine.failOpens = 1;
        assertThat(errorOf(broker.partitions.open(TestBroker.PARTITION))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(errorOf(broker.partitions.open(TestBroker.PARTITION))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void afterACleanStopNoBatchIsReadAgain() {
        get(broker.partition().append(TestBatches.idempotent(1, 0, 0, "a"), Durability.COMMITTED));
        broker.restart();
        broker.engine.onlyLog().batches.clear();
        // Had the log been scanned, the producer would not be known any more.
        assertThat(get(broker.partition().append(TestBatches.idempotent(1, 0, 0, "a"), Durability.COMMITTED)))
                .isEqualTo(new Appended(0, 0, -1, 0));
    }

    @Test
    void anUnchangedPartitionWritesNothingWhenItIsClosed() {
        get(broker.partition().append(TestBatches.batch("a"), Durability.COMMITTED));
        broker.restart();
        broker.partition();
        broker.engine.calls.clear();
        broker.restart();
        assertThat(broker.engine.calls).containsExactly("close");
    }

    @Test
    void theStatesOfProducersAreKeptEveryNowAndThen() {
        Partition partition = broker.partition();
        for (int i = 0; i < 9; i++) {
            get(partition.append(TestBatches.idempotent(1, 0, i, LARGE), Durability.COMMITTED));
        }
        assertThat(broker.engine.calls.stream().filter(ProducerSnapshot.CHECKPOINT::equals))
                .hasSize(2);
        Bytes kept = broker.engine.onlyLog().checkpoints.get(ProducerSnapshot.CHECKPOINT);
        assertThat(ProducerSnapshot.read(kept).orElseThrow().offset()).isEqualTo(8);
        broker.killAndStart();
        assertThat(get(broker.partition().append(TestBatches.idempotent(1, 0, 8, LARGE), Durability.COMMITTED)))
                .isEqualTo(new Appended(8, 8, -1, 0));
    }

    @Test
    void aSnapshotIsKeptWhenWhatIsInItIsCommitted() {
        Partition partition = broker.partition();
        broker.engine.delayedSyncs = new ArrayDeque<>();
        for (int i = 0; i < 5; i++) {
            get(partition.append(TestBatches.idempotent(1, 0, i, LARGE), Durability.WRITTEN));
        }
        broker.engine.delayedSyncs.remove().run();
        assertThat(broker.engine.calls).doesNotContain(ProducerSnapshot.CHECKPOINT);
        broker.engine.delayedSyncs.remove().run();
        assertThat(broker.engine.calls).contains(ProducerSnapshot.CHECKPOINT);
    }

    @Test
    void aSnapshotOfBatchesThatThePowerTookIsOfNoUse() {
        TestBroker written = new TestBroker(Map.of("log.durability", "written", "message.max.bytes", "100000000"));
        written.create(Map.of());
        get(written.partition().append(TestBatches.batch("synced by the stop"), Durability.COMMITTED));
        written.restart();
        for (int i = 0; i < 5; i++) {
            get(written.partition().append(TestBatches.idempotent(1, 0, i, LARGE), Durability.COMMITTED));
        }
        assertThat(written.engine.calls).contains(ProducerSnapshot.CHECKPOINT);
        written.cutPowerAndStart();
        assertThat(written.partition().logEndOffset()).isEqualTo(1);
        assertThat(get(written.partition().append(TestBatches.idempotent(1, 0, 0, "a"), Durability.COMMITTED)))
                .isEqualTo(new Appended(1, 1, -1, 0));
    }

    @Test
    void silentProducersAreForgotten() {
        Partition partition = broker.partition();
        get(partition.append(TestBatches.idempotent(1, 0, 0, "a"), Durability.COMMITTED));
        broker.time.advance(Duration.ofHours(20));
        get(partition.append(TestBatches.idempotent(2, 0, 0, "b"), Durability.COMMITTED));
        broker.time.advance(Duration.ofHours(10));
        assertThat(get(partition.append(TestBatches.idempotent(1, 0, 7, "c"), Durability.COMMITTED)))
                .isEqualTo(new Appended(2, 2, -1, 0));
        assertThat(errorOf(partition.append(TestBatches.idempotent(2, 0, 7, "d"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void retentionTrimsOpenPartitionsAndThoseThatNobodyOpened() {
        TestBroker keeper = new TestBroker(Map.of("log.retention.ms", "1000000"));
        keeper.create(Map.of());
        long start = keeper.time.millis();
        for (int i = 0; i < 7; i++) {
            get(keeper.partition().append(TestBatches.at(start + i), Durability.COMMITTED));
        }
        keeper.restart();
        keeper.engine.opens = 0;
        keeper.time.advance(Duration.ofMinutes(10));
        assertThat(keeper.engine.opens).isEqualTo(1);
        assertThat(keeper.engine.onlyLog().startOffset).isZero();
        keeper.time.advance(Duration.ofMinutes(10));
        assertThat(keeper.engine.opens).isEqualTo(2);
        assertThat(keeper.engine.onlyLog().startOffset).isEqualTo(7);
        assertThat(keeper.engine.calls).endsWith("trim", "close");
        keeper.time.advance(Duration.ofDays(2));
        assertThat(keeper.engine.opens).isEqualTo(2);

        get(keeper.partition().append(TestBatches.at(keeper.time.millis()), Durability.COMMITTED));
        keeper.time.advance(Duration.ofMinutes(30));
        assertThat(keeper.partition().logStartOffset()).isEqualTo(8);
    }

    @Test
    void whoOpensWhileRetentionLooksWaitsForItsEnd() {
        get(broker.partition().append(TestBatches.batch("a"), Durability.COMMITTED));
        broker.restart();
        broker.engine.calls.clear();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        broker.engine.openGate = gate;
        broker.time.advance(Duration.ofMinutes(5));
        CompletionStage<Partition> opening = broker.partitions.open(TestBroker.PARTITION);
        assertThat(opening.toCompletableFuture()).isNotDone();
        gate.complete(null);
        assertThat(get(get(opening).append(TestBatches.batch("b"), Durability.COMMITTED)))
                .isEqualTo(new Appended(1, 1, -1, 0));
        assertThat(broker.engine.calls).startsWith("close", "sync", "append");
    }

    @Test
    void aDeletionThatWasCutShortIsFinishedAfterTheStart() {
        get(broker.partition().append(TestBatches.batch("a"), Durability.COMMITTED));
        get(broker.topics.create(NewTopic.withDefaults("other")));
        // The crash: metadata says that the topic is gone, and its data is still there.
        broker.topics.listen(new TopicListener() {
            @Override
            public void check(Map<String, String> overrides, Configuration settings) {}

            @Override
            public void changed(StoredTopic topic) {}

            @Override
            public CompletionStage<Void> deleted(StoredTopic topic) {
                return new CompletableFuture<>();
            }
        });
        CompletionStage<Void> unfinished =
                broker.topics.delete(broker.topics.find(TestBroker.TOPIC).id());
        assertThat(unfinished.toCompletableFuture()).isNotDone();
        broker.killAndStart();
        assertThat(broker.topics.find(TestBroker.TOPIC)).isNull();
        assertThat(broker.engine.disk).isNotEmpty();
        broker.time.advance(Duration.ofSeconds(10));
        assertThat(broker.engine.disk).isEmpty();
        assertThat(broker.store.entries.keySet()).containsExactly("topics/other");
    }

    @Test
    void logsThatNobodyKnowsAreLeftAlone() {
        get(broker.partition().append(TestBatches.batch("a"), Durability.COMMITTED));
        broker.store.entries.clear();
        broker.killAndStart();
        broker.time.advance(Duration.ofDays(30));
        assertThat(broker.engine.onlyLog().batches).hasSize(1);
    }
}
