package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is forgotten, from the front and from the tail. */
abstract class TrimAndTruncateContract extends EngineContract {

    private final RecordBatch first = Batches.of(0, 5, 20, 1_000);
    private final RecordBatch second = Batches.of(5, 5, 20, 1_001);
    private final RecordBatch third = Batches.of(20, 5, 20, 1_002);

    TrimAndTruncateContract(StorageEngineContracts tested) {
        super(tested);
    }

    private PartitionLog threeBatches() {
        PartitionLog log = open(id("orders"));
        append(log, first, second, third);
        return log;
    }

    private PartitionLog closeAndOpen(PartitionLog log) {
        await(log.close());
        return open(log.id());
    }

    @Test
    void aTrimMovesTheStart() {
        PartitionLog log = threeBatches();
        await(log.trim(7));
        assertThat(log.startOffset()).isEqualTo(7);
        assertThat(log.endOffset()).isEqualTo(25);
        assertThat(readAll(log, 7)).isEqualTo(concatenated(second, third));
    }

    @Test
    void aTrimBackwardsDoesNothing() {
        PartitionLog log = threeBatches();
        await(log.trim(7));
        await(log.trim(3));
        assertThat(log.startOffset()).isEqualTo(7);
    }

    @Test
    void aTrimIntoAGapAndToTheEnd() {
        PartitionLog log = threeBatches();
        await(log.trim(15));
        assertThat(readAll(log, 15)).isEqualTo(concatenated(third));
        await(log.trim(25));
        assertThat(log.startOffset()).isEqualTo(25);
        assertThat(readAll(log, 25)).isEmpty();
        assertThat(log.sizeInBytes()).isZero();
        RecordBatch next = Batches.single(25, 1_003);
        append(log, next);
        assertThat(readAll(log, 25)).isEqualTo(concatenated(next));
    }

    @Test
    void aTrimBehindTheEndIsTheCallersMistake() {
        PartitionLog log = threeBatches();
        assertThatThrownBy(() -> await(log.trim(26))).isInstanceOf(IllegalArgumentException.class);
        assertThat(log.startOffset()).isZero();
        assertThat(readAll(log, 0)).isEqualTo(concatenated(first, second, third));
    }

    @Test
    void aTrimOutlivesTheClose() {
        PartitionLog log = threeBatches();
        await(log.trim(7));
        PartitionLog again = closeAndOpen(log);
        assertThat(again.startOffset()).isEqualTo(7);
        assertThat(readAll(again, 7)).isEqualTo(concatenated(second, third));
    }

    @Test
    void aTrimOfEverythingOutlivesTheClose() {
        PartitionLog log = threeBatches();
        await(log.trim(25));
        PartitionLog again = closeAndOpen(log);
        assertThat(again.startOffset()).isEqualTo(25);
        assertThat(again.endOffset()).isEqualTo(25);
        append(again, 1);
        assertThat(again.endOffset()).isEqualTo(26);
    }

    @Test
    void trimmingGivesSpaceBack() {
        PartitionLog log = open(id("orders"));
        append(log, 500);
        long before = log.sizeInBytes();
        await(log.trim(500));
        assertThat(log.sizeInBytes()).isLessThan(before);
        append(log, 1);
        assertThat(readAll(log, 500)).isNotEmpty();
    }

    @Test
    void aTruncationCutsTheBatchThatHoldsTheOffset() {
        PartitionLog log = threeBatches();
        await(log.truncate(7));
        assertThat(log.endOffset()).isEqualTo(7);
        assertThat(readAll(log, 0)).isEqualTo(concatenated(first));
        RecordBatch next = Batches.of(7, 2, 20, 1_005);
        append(log, next);
        assertThat(readAll(log, 0)).isEqualTo(concatenated(first, next));
        assertThat(readAll(log, 5)).isEqualTo(concatenated(next));
    }

    @Test
    void aTruncationInAGapKeepsTheBatchBefore() {
        PartitionLog log = threeBatches();
        await(log.truncate(12));
        assertThat(log.endOffset()).isEqualTo(12);
        assertThat(readAll(log, 0)).isEqualTo(concatenated(first, second));
        assertThatThrownBy(() -> await(log.append(Batches.single(11, 1)))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTruncationAtTheEndDoesNothing() {
        PartitionLog log = threeBatches();
        await(log.truncate(25));
        await(log.truncate(1_000));
        assertThat(log.endOffset()).isEqualTo(25);
        assertThat(readAll(log, 0)).isEqualTo(concatenated(first, second, third));
    }

    @Test
    void aTruncationBeforeTheStartIsTheCallersMistake() {
        PartitionLog log = threeBatches();
        await(log.trim(7));
        assertThatThrownBy(() -> await(log.truncate(6))).isInstanceOf(IllegalArgumentException.class);
        assertThat(log.endOffset()).isEqualTo(25);
    }

    @Test
    void aTruncationToTheStartEmptiesTheLog() {
        PartitionLog log = threeBatches();
        await(log.trim(5));
        await(log.truncate(5));
        assertThat(log.startOffset()).isEqualTo(5);
        assertThat(log.endOffset()).isEqualTo(5);
        assertThat(readAll(log, 5)).isEmpty();
        PartitionLog again = closeAndOpen(log);
        assertThat(again.startOffset()).isEqualTo(5);
        assertThat(again.endOffset()).isEqualTo(5);
    }

    @Test
    void aTruncationOutlivesTheClose() {
        PartitionLog log = threeBatches();
        await(log.truncate(12));
        PartitionLog again = closeAndOpen(log);
        assertThat(again.endOffset()).isEqualTo(12);
        assertThat(readAll(again, 0)).isEqualTo(concatenated(first, second));
    }

    @Test
    void aTruncationReachesFarBack() {
        PartitionLog log = open(id("orders"));
        append(log, 500);
        byte[] all = readAll(log, 0);
        int batchSize = all.length / 500;
        await(log.truncate(123));
        assertThat(readAll(log, 0)).isEqualTo(java.util.Arrays.copyOf(all, 123 * batchSize));
        assertThat(log.sizeInBytes()).isEqualTo(123L * batchSize);
        assertThat(await(log.findTimestamp(1_123))).isEmpty();
        assertThat(await(log.findTimestamp(1_122))).isPresent();
    }

    @Test
    void whoReadsTheTailKeepsItWhenItIsTruncatedAndWrittenAnew() {
        PartitionLog log = threeBatches();
        try (RecordData data = await(log.read(5, 10, true, Long.MAX_VALUE))) {
            await(log.truncate(5));
            append(log, Batches.of(5, 5, 20, 2_000));
            assertThat(bytesOf(data)).isEqualTo(concatenated(second));
        }
    }

    @Test
    void segmentsFollowEachOtherAndAddUp() {
        PartitionLog log = open(id("orders"));
        append(log, 500);
        List<LogSegment> segments = log.segments();
        assertThat(segments.get(0).baseOffset()).isZero();
        assertThat(segments.get(segments.size() - 1).endOffset()).isEqualTo(500);
        assertThat(segments.stream().mapToLong(LogSegment::sizeInBytes).sum()).isEqualTo(log.sizeInBytes());
        for (int i = 1; i < segments.size(); i++) {
            assertThat(segments.get(i).baseOffset())
                    .isEqualTo(segments.get(i - 1).endOffset());
            assertThat(segments.get(i).maxTimestamp())
                    .isEqualTo(1_000 + segments.get(i).endOffset() - 1);
        }
    }

    @Test
    void segmentsCanBeForgottenOneByOne() {
        PartitionLog log = open(id("orders"));
        append(log, 500);
        for (LogSegment segment : log.segments()) {
            await(log.trim(segment.endOffset()));
            assertThat(log.segments().get(0).baseOffset()).isGreaterThanOrEqualTo(segment.endOffset());
        }
        assertThat(log.sizeInBytes()).isZero();
        assertThat(log.segments()).hasSize(1);
    }
}
