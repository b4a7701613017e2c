package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.ReplaceableLog.Replacement;
import io.brokkr.spi.storage.StorageException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of a segment that is neither full nor old. For engines whose logs are {@link ReplaceableLog}s. */
abstract class FinishedSegmentContract extends EngineContract {

    private static final int APPENDS_MEANWHILE = 300;

    private ReplaceableLog log;

    @SuppressWarnings("NullAway.Init")
    FinishedSegmentContract(StorageEngineContracts tested) {
        super(tested);
    }

    @BeforeEach
    final void openALog() {
        log = openReplaceable(id("orders"));
    }

    private LogSegment last() {
        List<LogSegment> segments = log.segments();
        return segments.get(segments.size() - 1);
    }

    private void assertHolds(RecordBatch... batches) {
        assertThat(readAll(log, log.startOffset())).isEqualTo(concatenated(batches));
    }

    @Test
    void whatWasWrittenIsInAFinishedSegment() {
        RecordBatch first = Batches.of(0, 3, 10, 1_000);
        RecordBatch second = Batches.of(3, 1, 10, 2_000);
        append(log, first, second);
        LogSegment written = last();
        await(log.finishSegment());
        assertThat(log.segments()).containsExactly(written, new LogSegment(4, 4, 0, RecordBatch.NO_TIMESTAMP));
        assertThat(log.endOffset()).isEqualTo(4);
        assertHolds(first, second);
    }

    @Test
    void anEmptySegmentIsNotEnded() {
        await(log.finishSegment());
        assertThat(log.segments()).containsExactly(new LogSegment(0, 0, 0, RecordBatch.NO_TIMESTAMP));
        append(log, 1);
        await(log.finishSegment());
        List<LogSegment> segments = log.segments();
        await(log.finishSegment());
        assertThat(log.segments()).isEqualTo(segments);
    }

    @Test
    void theNextAppendGoesToTheNextSegment() {
        RecordBatch first = Batches.of(0, 3, 10, 1_000);
        RecordBatch second = Batches.of(7, 2, 10, 2_000);
        append(log, first);
        await(log.finishSegment());
        append(log, second);
        await(log.sync());
        assertThat(last()).isEqualTo(new LogSegment(3, 9, second.sizeInBytes(), 2_000));
        assertHolds(first, second);
        assertThat(await(log.findTimestamp(1_500))).hasValue(7L);
    }

    @Test
    void whatWasWrittenCanBeReplaced() {
        RecordBatch kept = Batches.of(3, 1, 10, 2_000);
        append(log, Batches.of(0, 3, 10, 1_000), kept);
        await(log.finishSegment());
        Replacement replacement = await(log.replace(0, 4));
        await(replacement.append(kept));
        await(replacement.commit());
        assertHolds(kept);
        RecordBatch next = Batches.of(4, 1, 10, 3_000);
        append(log, next);
        assertHolds(kept, next);
    }

    @Test
    void trimsAndTruncationsGoOn() {
        RecordBatch first = Batches.of(0, 3, 10, 1_000);
        append(log, first, Batches.of(3, 1, 10, 2_000));
        await(log.finishSegment());
        await(log.truncate(3));
        assertHolds(first);
        await(log.finishSegment());
        await(log.trim(3));
        assertHolds();
        RecordBatch next = Batches.of(3, 2, 10, 3_000);
        append(log, next);
        assertHolds(next);
    }

    @Test
    void itOutlivesTheClose() {
        RecordBatch first = Batches.of(0, 3, 10, 1_000);
        append(log, first);
        LogSegment written = last();
        await(log.finishSegment());
        await(log.close());
        if (isDurable()) {
            restart();
        }
        log = (ReplaceableLog) open(id("orders"));
        assertHolds(first);
        RecordBatch next = Batches.of(3, 1, 10, 2_000);
        append(log, next);
        assertThat(log.segments()).containsExactly(written, new LogSegment(3, 4, next.sizeInBytes(), 2_000));
        assertHolds(first, next);
    }

    @Test
    void whoIsFencedEndsNoSegment() {
        append(log, 1);
        PartitionLog newer = open(log.id(), 2);
        assertThatThrownBy(() -> await(log.finishSegment())).isInstanceOf(LogFencedException.class);
        assertThat(newer.segments()).hasSize(1);
    }

    @Test
    void whoHasClosedTheLogEndsNoSegment() {
        append(log, 1);
        PartitionLog other = open(log.id());
        await(log.close());
        assertThatThrownBy(() -> await(log.finishSegment())).isInstanceOf(StorageException.class);
        assertThat(other.segments()).hasSize(1);
    }

    /** Compaction ends segments on an opening of its own, while the partition is being written. */
    @Test
    void anotherOpenerEndsSegmentsWhileThereAreAppends() {
        ReplaceableLog other = (ReplaceableLog) open(log.id());
        RecordBatch[] batches = new RecordBatch[APPENDS_MEANWHILE];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = Batches.single(i, 1_000 + i);
        }
        CompletionStage<Void> appends = CompletableFuture.runAsync(() -> append(log, batches));
        while (!appends.toCompletableFuture().isDone()) {
            long end = log.endOffset();
            await(other.finishSegment());
            assertThat(last().baseOffset()).isGreaterThanOrEqualTo(end);
        }
        await(appends);
        await(other.finishSegment());
        assertThat(last().baseOffset()).isEqualTo(batches.length);
        assertHolds(batches);
        await(log.close());
        log = other;
        assertHolds(batches);
    }
}
