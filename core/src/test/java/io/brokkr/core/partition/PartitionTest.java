package io.brokkr.core.partition;

import static io.brokkr.core.partition.TestBatches.TIMESTAMP;
import static io.brokkr.core.partition.TestBroker.errorOf;
import static io.brokkr.core.partition.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.EpochEnd;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.Partition.Read;
import io.brokkr.spi.Partition.RecordPosition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PartitionTest {

    private static Appended append(Partition partition, ByteBuffer batches) {
        return get(partition.append(batches, Durability.COMMITTED));
    }

    private static Read read(Partition partition, long offset) {
        return get(partition.read(offset, Integer.MAX_VALUE, true, Isolation.READ_UNCOMMITTED));
    }

    @Test
    void severalBatchesOfACoordinatorAreAppendedAsOne() {
        Partition partition = TestBroker.withTopic(Map.of()).partition();
        ByteBuffer first = TestBatches.batch("a", "b");
        ByteBuffer second = TestBatches.batch("c");
        ByteBuffer both = ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
        assertThat(append(partition, both)).isEqualTo(new Appended(0, 2, -1, 0));
        assertThat(TestBatches.records(read(partition, 0).records())).containsExactly("0:a", "1:b", "2:c");
    }

    @Test
    void aBatchThatIsRefusedLeavesNothing() {
        Partition partition = TestBroker.withTopic(Map.of()).partition();
        ByteBuffer good = TestBatches.batch("a");
        ByteBuffer bad = TestBatches.batch("b");
        bad.put(bad.limit() - 1, (byte) 99);
        ByteBuffer both = ByteBuffer.allocate(good.remaining() + bad.remaining())
                .put(good)
                .put(bad)
                .flip();
        assertThat(errorOf(partition.append(both, Durability.COMMITTED))).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        assertThat(partition.logEndOffset()).isZero();
    }

    @Test
    void theAnswerHasTheAppendTimeOnlyWhereTheBrokerGaveIt() {
        TestBroker broker = TestBroker.withTopic(Map.of("message.timestamp.type", "LogAppendTime"));
        Partition partition = broker.partition();
        long now = broker.time.millis();
        assertThat(append(partition, TestBatches.idempotent(1, 0, 0, "a")).logAppendTime())
                .isEqualTo(now);
        broker.time.advance(Duration.ofSeconds(5));
        assertThat(append(partition, TestBatches.idempotent(1, 0, 0, "a"))).isEqualTo(new Appended(0, 0, now, 0));
        broker.killAndStart();
        assertThat(append(broker.partition(), TestBatches.idempotent(1, 0, 0, "a")))
                .isEqualTo(new Appended(0, 0, now, 0));
    }

    /** Five requests under way, all sent again, in one order and with the offsets they have. */
    @Test
    void pipelinedBatchesOfAProducerAreInOrderAndRepeatedOnesWaitForTheCommit() {
        TestBroker broker = TestBroker.withTopic(Map.of());
        Partition partition = broker.partition();
        broker.engine.delayedAppends = new ArrayDeque<>();
        broker.engine.delayedSyncs = new ArrayDeque<>();
        List<CompletionStage<Appended>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(partition.append(TestBatches.idempotent(9, 0, i, "v" + i), Durability.COMMITTED));
        }
        for (int i = 0; i < 5; i++) {
            answers.add(partition.append(TestBatches.idempotent(9, 0, i, "v" + i), Durability.COMMITTED));
        }
        broker.engine.delayedAppends.forEach(Runnable::run);
        assertThat(answers).noneMatch(answer -> answer.toCompletableFuture().isDone());
        while (!broker.engine.delayedSyncs.isEmpty()) {
            broker.engine.delayedSyncs.remove().run();
        }
        for (int i = 0; i < 10; i++) {
            assertThat(get(answers.get(i))).isEqualTo(new Appended(i % 5, i % 5, -1, 0));
        }
        assertThat(TestBatches.records(read(partition, 0).records()))
                .containsExactly("0:v0", "1:v1", "2:v2", "3:v3", "4:v4");
    }

    @Test
    void manyAppendsShareASync() {
        TestBroker broker = TestBroker.withTopic(Map.of());
        Partition partition = broker.partition();
        broker.engine.calls.clear();
        broker.engine.delayedSyncs = new ArrayDeque<>();
        List<CompletionStage<Appended>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(partition.append(TestBatches.batch("v" + i), Durability.COMMITTED));
        }
        while (!broker.engine.delayedSyncs.isEmpty()) {
            broker.engine.delayedSyncs.remove().run();
        }
        answers.forEach(TestBroker::get);
        assertThat(broker.engine.calls.stream().filter("sync"::equals)).hasSize(2);
    }

    @Test
    void nothingIsSyncedWhereWrittenIsEnough() {
        TestBroker broker = TestBroker.withTopic(Map.of("durability", "written"));
        Partition partition = broker.partition();
        broker.engine.calls.clear();
        append(partition, TestBatches.batch("a"));
        assertThat(broker.engine.calls).doesNotContain("sync");
        assertThat(partition.highWatermark()).isEqualTo(1);
    }

    @Test
    void readsBeginWithTheBatchThatHoldsTheOffsetAndEndEmpty() {
        Partition partition = TestBroker.withTopic(Map.of()).partition();
        append(partition, TestBatches.batch("a", "b", "c"));
        append(partition, TestBatches.batch("d"));
        assertThat(TestBatches.records(read(partition, 1).records())).containsExactly("0:a", "1:b", "2:c", "3:d");
        assertThat(read(partition, 4).records().sizeInBytes()).isZero();
        assertThat(errorOf(partition.read(5, 1, true, Isolation.LOG_END))).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(errorOf(partition.read(-1, 1, true, Isolation.LOG_END))).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void theFirstBatchIsWholeHoweverSmallTheLimitIfThatIsAskedFor() {
        Partition partition = TestBroker.withTopic(Map.of()).partition();
        append(partition, TestBatches.batch("a", "b", "c"));
        append(partition, TestBatches.batch("d"));
        Read whole = get(partition.read(0, 1, true, Isolation.READ_COMMITTED));
        assertThat(TestBatches.records(whole.records())).containsExactly("0:a", "1:b", "2:c");
        Read cut = get(partition.read(0, 1, false, Isolation.READ_COMMITTED));
        assertThat(cut.records().sizeInBytes()).isEqualTo(1);
    }

    /** Kafka's answer to a consumer that is ahead of the high watermark. */
    @Test
    void whatIsNotCommittedIsNotShownAndNoErrorEither() {
        TestBroker broker = TestBroker.withTopic(Map.of());
        Partition partition = broker.partition();
        append(partition, TestBatches.batch("a"));
        broker.engine.delayedSyncs = new ArrayDeque<>();
        CompletionStage<Appended> written = partition.append(TestBatches.batch("b", "c"), Durability.WRITTEN);
        assertThat(get(written)).isEqualTo(new Appended(1, 2, -1, 0));
        assertThat(partition.logEndOffset()).isEqualTo(3);
        Read shown = read(partition, 0);
        assertThat(TestBatches.records(shown.records())).containsExactly("0:a");
        assertThat(shown.highWatermark()).isEqualTo(1);
        assertThat(shown.lastStableOffset()).isEqualTo(1);
        assertThat(read(partition, 1).records().sizeInBytes()).isZero();
        assertThat(read(partition, 3).records().sizeInBytes()).isZero();
        Read all = get(partition.read(0, 1_000, true, Isolation.LOG_END));
        assertThat(TestBatches.records(all.records())).containsExactly("0:a", "1:b", "2:c");
        broker.engine.delayedSyncs.remove().run();
        assertThat(TestBatches.records(read(partition, 1).records())).containsExactly("1:b", "2:c");
    }

    @Test
    void deletedRecordsAreGoneForGood() {
        TestBroker broker = TestBroker.withTopic(Map.of());
        Partition partition = broker.partition();
        append(partition, TestBatches.batch("a", "b", "c"));
        append(partition, TestBatches.batch("d"));
        assertThat(errorOf(partition.deleteRecordsBefore(5))).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(errorOf(partition.deleteRecordsBefore(-2))).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(get(partition.deleteRecordsBefore(2))).isEqualTo(2);
        assertThat(get(partition.deleteRecordsBefore(1))).isEqualTo(2);
        assertThat(errorOf(partition.read(1, 1, true, Isolation.LOG_END))).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(read(partition, 2).logStartOffset()).isEqualTo(2);
        assertThat(get(partition.deleteRecordsBefore(-1))).isEqualTo(4);
        broker.restart();
        assertThat(broker.partition().logStartOffset()).isEqualTo(4);
        assertThat(broker.partition().logEndOffset()).isEqualTo(4);
        assertThat(append(broker.partition(), TestBatches.batch("e"))).isEqualTo(new Appended(4, 4, -1, 4));
    }

    @Test
    void aProducerIsKnownAfterItsRecordsAreDeleted() {
        TestBroker broker = TestBroker.withTopic(Map.of());
        append(broker.partition(), TestBatches.idempotent(1, 0, 0, "a", "b"));
        get(broker.partition().deleteRecordsBefore(-1));
        broker.restart();
        assertThat(append(broker.partition(), TestBatches.idempotent(1, 0, 0, "a", "b")))
                .isEqualTo(new Appended(0, 1, -1, 2));
        assertThat(errorOf(broker.partition().append(TestBatches.idempotent(1, 0, 5, "x"), Durability.WRITTEN)))
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void aProducerThatIsNotKnownMayBeginAnywhere() {
        Partition partition = TestBroker.withTopic(Map.of()).partition();
        assertThat(append(partition, TestBatches.idempotent(1, 4, 77, "a"))).isEqualTo(new Appended(0, 0, -1, 0));
        assertThat(append(partition, TestBatches.idempotent(1, 4, 78, "b"))).isEqualTo(new Appended(1, 1, -1, 0));
    }

    @Test
    void epochsAreThoseOfTheOffsetAskedFor() {
        Partition partition = TestBroker.withTopic(Map.of()).partition();
        assertThat(partition.epochOf(0)).isZero();
        assertThat(partition.endOfEpoch(0)).isEqualTo(new EpochEnd(0, 0));
        append(partition, TestBatches.batch("a", "b"));
        assertThat(partition.epochOf(0)).isZero();
        assertThat(partition.epochOf(2)).isZero();
        assertThat(partition.endOfEpoch(0)).isEqualTo(new EpochEnd(0, 2));
        assertThat(partition.endOfEpoch(1)).isEqualTo(EpochEnd.UNDEFINED);
        assertThat(partition.endOfEpoch(-1)).isEqualTo(EpochEnd.UNDEFINED);
    }

    /** Against a list: the first record of all whose timestamp is high enough. */
    @Property(tries = 300)
    void searchesByTimeFindTheFirstRecord(
            @ForAll @Size(max = 8) List<@Size(min = 1, max = 4) List<@IntRange(max = 20) Integer>> batches,
            @ForAll @IntRange(max = 22) int asked,
            @ForAll @IntRange(max = 10) int deleted,
            @ForAll boolean compressed) {
        Partition partition = TestBroker.withTopicAndGzip().partition();
        List<Integer> timestamps = new ArrayList<>();
        for (List<Integer> batch : batches) {
            ByteBuffer plain =
                    TestBatches.at(batch.stream().mapToLong(Integer::longValue).toArray());
            append(partition, compressed ? TestBatches.gzip(plain) : plain);
            timestamps.addAll(batch);
        }
        long start = get(partition.deleteRecordsBefore(Math.min(deleted, timestamps.size())));
        Optional<RecordPosition> expected = Optional.empty();
        Optional<RecordPosition> newest = Optional.empty();
        for (int offset = timestamps.size() - 1; offset >= start; offset--) {
            RecordPosition position = new RecordPosition(offset, timestamps.get(offset), 0);
            if (timestamps.get(offset) >= asked) {
                expected = Optional.of(position);
            }
            if (newest.isEmpty() || newest.get().timestamp() <= position.timestamp()) {
                newest = Optional.of(position);
            }
        }
        assertThat(get(partition.findTimestamp(asked, Isolation.READ_COMMITTED)))
                .isEqualTo(expected);
        if (deleted == 0) {
            assertThat(get(partition.findMaxTimestamp(Isolation.READ_COMMITTED)))
                    .isEqualTo(newest);
        }
    }

    @Test
    void searchesByTimeEndAtWhatIsCommitted() {
        TestBroker broker = TestBroker.withTopic(Map.of());
        Partition partition = broker.partition();
        append(partition, TestBatches.at(10));
        broker.engine.delayedSyncs = new ArrayDeque<>();
        get(partition.append(TestBatches.at(20), Durability.WRITTEN));
        assertThat(get(partition.findTimestamp(15, Isolation.READ_UNCOMMITTED))).isEmpty();
        assertThat(get(partition.findTimestamp(15, Isolation.LOG_END))).isPresent();
        CompletionStage<Optional<RecordPosition>> newest = partition.findMaxTimestamp(Isolation.READ_UNCOMMITTED);
        assertThat(newest.toCompletableFuture()).isNotDone();
        broker.engine.delayedSyncs.remove().run();
        assertThat(get(newest)).contains(new RecordPosition(1, 20, 0));
    }

    @Test
    void aCompressedBatchThatNobodyCanOpenIsFoundAsAWhole() {
        Partition partition = TestBroker.withTopic(Map.of()).partition();
        ByteBuffer batch = TestBatches.at(TIMESTAMP, TIMESTAMP + 10, TIMESTAMP + 20);
        append(partition, BatchValidatorTest.resealed(batch.putShort(21, (short) 4)));
        assertThat(get(partition.findTimestamp(TIMESTAMP - 5, Isolation.LOG_END)))
                .contains(new RecordPosition(0, TIMESTAMP, 0));
        assertThat(get(partition.findTimestamp(TIMESTAMP + 15, Isolation.LOG_END)))
                .contains(new RecordPosition(0, TIMESTAMP + 20, 0));
        assertThat(get(partition.findTimestamp(TIMESTAMP + 21, Isolation.LOG_END)))
                .isEmpty();
    }

    /** Else the search would pass over it, and name a later record than the first. */
    @Test
    void aDamagedBatchIsNotPassedOver() {
        TestBroker broker = TestBroker.withTopic(Map.of());
        Partition partition = broker.partition();
        for (int timestamp = 10; timestamp <= 30; timestamp += 10) {
            append(partition, TestBatches.at(timestamp));
        }
        TestLog.Stored stored = broker.engine.onlyLog().batches.get(1);
        ByteBuffer damaged = ByteBuffer.wrap(stored.bytes().toArray());
        damaged.putLong(35, 11);
        broker.engine
                .onlyLog()
                .batches
                .set(
                        1,
                        new TestLog.Stored(
                                stored.baseOffset(), stored.endOffset(), stored.maxTimestamp(), Bytes.copyOf(damaged)));
        assertThat(errorOf(partition.findTimestamp(15, Isolation.LOG_END))).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        assertThat(get(partition.findTimestamp(25, Isolation.LOG_END))).contains(new RecordPosition(2, 30, 0));
    }

    @Test
    void settingsThatChangeCountAtOnce() {
        TestBroker broker = TestBroker.withTopic(Map.of());
        Partition partition = broker.partition();
        ByteBuffer batch = TestBatches.batch("a");
        get(broker.topics.configure(TestBroker.TOPIC, Map.of("max.message.bytes", "10"), false));
        assertThat(errorOf(partition.append(batch, Durability.WRITTEN))).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        broker.engine.delayedSyncs = new ArrayDeque<>();
        get(broker.topics.configure(TestBroker.TOPIC, Map.of(), false));
        CompletionStage<Appended> waits = partition.append(batch, Durability.COMMITTED);
        assertThat(waits.toCompletableFuture()).isNotDone();
        get(broker.topics.configure(TestBroker.TOPIC, Map.of("durability", "written"), false));
        assertThat(get(waits)).isEqualTo(new Appended(0, 0, -1, 0));
    }

    @Test
    void aTransactionIsRefusedInWordsThatClientsUnderstand() {
        Partition partition = TestBroker.withTopic(Map.of()).partition();
        ByteBuffer batch = TestBatches.filled(
                new RecordBatchBuilder().producer(1, (short) 0, 0).transactional(), "a");
        assertThat(errorOf(partition.append(batch, Durability.COMMITTED))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
    }
}
