package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.ReplaceableLog.Replacement;
import io.brokkr.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other segments in the place of finished ones. For engines whose logs are {@link ReplaceableLog}s. */
abstract class ReplacementContract extends EngineContract {

    private static final int SEGMENTS = 5;
    private static final int MOST_BATCHES = 50_000;
    private static final int READERS = 2;

    private ReplaceableLog log;

    /** What was appended, as far as it was not replaced. */
    private List<RecordBatch> batches;

    @SuppressWarnings("NullAway.Init")
    ReplacementContract(StorageEngineContracts tested) {
        super(tested);
    }

    @BeforeEach
    final void fillALog() {
        log = openReplaceable(id("orders"));
        batches = new ArrayList<>();
        while (log.segments().size() < SEGMENTS) {
            assertThat(batches.size())
                    .as("batches without %d segments", SEGMENTS)
                    .isLessThan(MOST_BATCHES);
            appendOne();
        }
    }

    private void appendOne() {
        long offset = log.endOffset();
        RecordBatch batch = Batches.of(offset, 2, 50, 1_000 + offset);
        append(log, batch);
        batches.add(batch);
    }

    private LogSegment segment(int index) {
        return log.segments().get(index);
    }

    private static Replacement begin(ReplaceableLog log, LogSegment first, LogSegment last) {
        return await(log.replace(first.baseOffset(), last.endOffset()));
    }

    private static void add(Replacement replacement, List<RecordBatch> batches) {
        batches.forEach(batch -> await(replacement.append(batch)));
    }

    private List<RecordBatch> between(long baseOffset, long endOffset) {
        return batches.stream()
                .filter(batch -> batch.baseOffset() >= baseOffset && batch.baseOffset() < endOffset)
                .toList();
    }

    /** What compaction might leave: of four batches one, one with a record less, and none of the others. */
    private static List<RecordBatch> compacted(List<RecordBatch> batches) {
        List<RecordBatch> left = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            RecordBatch batch = batches.get(i);
            if (i % 4 == 1) {
                left.add(batch);
            } else if (i % 4 == 2) {
                left.add(Batches.of(batch.lastOffset(), 1, 40, batch.maxTimestamp()));
            }
        }
        return left;
    }

    /** Begins to replace segments by what compaction might leave. */
    private Replacement beginCompaction(LogSegment first, LogSegment last) {
        Replacement replacement = begin(log, first, last);
        add(replacement, compacted(between(first.baseOffset(), last.endOffset())));
        return replacement;
    }

    private void noteCompacted(LogSegment first, LogSegment last) {
        noteReplaced(first, last, compacted(between(first.baseOffset(), last.endOffset())));
    }

    private void noteReplaced(LogSegment first, LogSegment last, List<RecordBatch> replacing) {
        List<RecordBatch> replaced = between(first.baseOffset(), last.endOffset());
        int index = batches.indexOf(replaced.get(0));
        batches.removeAll(replaced);
        batches.addAll(index, replacing);
    }

    private void compact(LogSegment first, LogSegment last) {
        await(beginCompaction(first, last).commit());
        noteCompacted(first, last);
    }

    private void assertHoldsBatches(PartitionLog log) {
        byte[] expected = concatenated(batches.toArray(RecordBatch[]::new));
        assertThat(readAll(log, log.startOffset())).isEqualTo(expected);
        assertThat(log.segments().stream().mapToLong(LogSegment::sizeInBytes).sum())
                .isEqualTo(log.sizeInBytes());
    }

    @Test
    void whatIsReplacedIsReadBackByteForByte() {
        LogSegment first = segment(1);
        LogSegment last = segment(2);
        long end = log.endOffset();
        compact(first, last);
        assertHoldsBatches(log);
        assertThat(log.startOffset()).isZero();
        assertThat(log.endOffset()).isEqualTo(end);
    }

    @Test
    void aReadInAGapGoesOnAtTheNextBatch() {
        LogSegment last = segment(2);
        compact(segment(0), last);
        for (long offset = 0; offset <= last.endOffset(); offset++) {
            long from = offset;
            RecordBatch next = batches.stream()
                    .filter(batch -> batch.lastOffset() >= from)
                    .findFirst()
                    .orElseThrow();
            assertThat(take(log.read(offset, 1, true, Long.MAX_VALUE)))
                    .as("at %d", offset)
                    .isEqualTo(Batches.bytes(next));
        }
    }

    @Test
    void whatIsReplacedCannotBeReadBeforeItsBound() {
        LogSegment last = segment(1);
        compact(segment(0), last);
        for (long bound = 0; bound <= last.endOffset(); bound++) {
            assertThat(take(log.read(0, 1 << 20, true, bound)))
                    .as("before %d", bound)
                    .isEqualTo(concatenated(between(0, bound).toArray(RecordBatch[]::new)));
        }
    }

    @Test
    void segmentsBecomeOneSmallerOne() {
        List<LogSegment> before = log.segments();
        long size = log.sizeInBytes();
        compact(before.get(1), before.get(2));
        List<LogSegment> after = log.segments();
        assertThat(after).hasSize(before.size() - 1);
        assertThat(after.get(0)).isEqualTo(before.get(0));
        assertThat(after.subList(2, after.size())).isEqualTo(before.subList(3, before.size()));
        LogSegment one = after.get(1);
        List<RecordBatch> inIt = between(one.baseOffset(), one.endOffset());
        assertThat(one.baseOffset()).isEqualTo(before.get(1).baseOffset());
        assertThat(one.endOffset()).isEqualTo(before.get(2).endOffset());
        assertThat(one.sizeInBytes()).isEqualTo(concatenated(inIt.toArray(RecordBatch[]::new)).length);
        assertThat(one.maxTimestamp()).isEqualTo(inIt.get(inIt.size() - 1).maxTimestamp());
        assertThat(log.sizeInBytes()).isLessThan(size);
    }

    @Test
    void whatWasReplacedCanBeReplacedAgain() {
        compact(segment(0), segment(1));
        compact(segment(0), segment(0));
        compact(segment(0), segment(1));
        compact(segment(0), segment(log.segments().size() - 2));
        assertHoldsBatches(log);
        assertThat(log.segments()).hasSize(2);
    }

    @Test
    void segmentsCanBeReplacedByThemselves() {
        List<LogSegment> before = log.segments();
        Replacement replacement = begin(log, segment(1), segment(1));
        add(replacement, between(segment(1).baseOffset(), segment(1).endOffset()));
        await(replacement.commit());
        assertHoldsBatches(log);
        assertThat(log.segments()).isEqualTo(before);
    }

    @Test
    void nothingChangesBeforeTheCommit() {
        List<LogSegment> segments = log.segments();
        long size = log.sizeInBytes();
        beginCompaction(segment(1), segment(2));
        assertHoldsBatches(log);
        assertThat(log.segments()).isEqualTo(segments);
        assertThat(log.sizeInBytes()).isEqualTo(size);
    }

    @Test
    void whatIsAbandonedWasNever() {
        List<LogSegment> segments = log.segments();
        Replacement replacement = beginCompaction(segment(1), segment(2));
        await(replacement.abandon());
        await(replacement.abandon());
        assertHoldsBatches(log);
        assertThat(log.segments()).isEqualTo(segments);
        assertThatThrownBy(() -> await(replacement.commit())).isInstanceOf(StorageException.class);
        assertHoldsBatches(log);
        compact(segment(1), segment(2));
        assertHoldsBatches(log);
    }

    @Test
    void abandoningAfterTheCommitDoesNothing() {
        LogSegment first = segment(1);
        Replacement replacement = beginCompaction(first, first);
        await(replacement.commit());
        await(replacement.abandon());
        noteCompacted(first, first);
        assertHoldsBatches(log);
        assertThatThrownBy(() -> await(replacement.commit())).isInstanceOf(StorageException.class);
        assertHoldsBatches(log);
    }

    @Test
    void theBytesOfABatchAreTheCallersAgainWhenItIsAdded() {
        LogSegment replaced = segment(1);
        Replacement replacement = begin(log, replaced, replaced);
        for (RecordBatch batch : between(replaced.baseOffset(), replaced.endOffset())) {
            byte[] lent = Batches.bytes(batch);
            await(replacement.append(RecordBatch.of(ByteBuffer.wrap(lent))));
            java.util.Arrays.fill(lent, (byte) -1);
        }
        await(replacement.commit());
        assertHoldsBatches(log);
    }

    @Test
    void nothingMayTakeThePlaceOfSegments() {
        long end = log.endOffset();
        for (int[] range : new int[][] {{1, 2}, {0, 0}}) {
            LogSegment first = segment(range[0]);
            LogSegment last = segment(range[1]);
            await(begin(log, first, last).commit());
            noteReplaced(first, last, List.of());
            assertHoldsBatches(log);
            assertThat(log.startOffset()).isZero();
            assertThat(log.endOffset()).isEqualTo(end);
            assertThat(take(log.read(first.baseOffset(), 1, true, Long.MAX_VALUE)))
                    .isEqualTo(Batches.bytes(batches.stream()
                            .filter(batch -> batch.baseOffset() >= first.baseOffset())
                            .findFirst()
                            .orElseThrow()));
            assertSegmentsReachFromStartToEnd();
        }
        await(begin(log, segment(0), segment(log.segments().size() - 2)).commit());
        batches.removeIf(
                batch -> batch.baseOffset() < segment(log.segments().size() - 1).baseOffset());
        assertHoldsBatches(log);
        assertSegmentsReachFromStartToEnd();
    }

    private void assertSegmentsReachFromStartToEnd() {
        List<LogSegment> segments = log.segments();
        assertThat(segments.get(0).baseOffset()).isLessThanOrEqualTo(log.startOffset());
        assertThat(segments.get(segments.size() - 1).endOffset()).isEqualTo(log.endOffset());
        for (int i = 1; i < segments.size(); i++) {
            assertThat(segments.get(i).baseOffset())
                    .isEqualTo(segments.get(i - 1).endOffset());
        }
    }

    @Test
    void whoReadsKeepsWhatHeHas() {
        LogSegment first = segment(0);
        byte[] expected = concatenated(between(0, first.endOffset()).toArray(RecordBatch[]::new));
        try (RecordData data = await(log.read(0, expected.length, true, Long.MAX_VALUE))) {
            byte[] seen = bytesOf(data);
            compact(first, segment(1));
            compact(segment(0), segment(1));
            assertThat(bytesOf(data))
                    .isEqualTo(seen)
                    .isEqualTo(java.util.Arrays.copyOf(expected, seen.length))
                    .isNotEmpty();
        }
        assertHoldsBatches(log);
    }

    @Test
    void timesAreFoundInWhatReplaces() {
        LogSegment last = segment(2);
        compact(segment(0), last);
        for (long timestamp = 999; timestamp <= 1_000 + log.endOffset(); timestamp += 3) {
            long wanted = timestamp;
            var first = batches.stream()
                    .filter(batch -> batch.maxTimestamp() >= wanted)
                    .findFirst();
            var found = await(log.findTimestamp(timestamp));
            assertThat(found.isPresent()).as("timestamp %d", timestamp).isEqualTo(first.isPresent());
            first.ifPresent(
                    batch -> assertThat(found.get()).as("timestamp %d", wanted).isBetween(0L, batch.baseOffset()));
        }
    }

    @Test
    void appendsReadsAndSyncsGoOnMeanwhile() {
        LogSegment first = segment(0);
        LogSegment last = segment(2);
        List<RecordBatch> left = compacted(between(first.baseOffset(), last.endOffset()));
        Replacement replacement = begin(log, first, last);
        for (RecordBatch batch : left) {
            appendOne();
            await(log.sync());
            await(replacement.append(batch));
        }
        assertHoldsBatches(log);
        await(replacement.commit());
        noteReplaced(first, last, left);
        assertHoldsBatches(log);
        appendOne();
        assertHoldsBatches(log);
    }

    @Test
    void aTrimAndATruncationElsewhereDoNotMatter() {
        LogSegment first = segment(1);
        LogSegment last = segment(2);
        Replacement replacement = beginCompaction(first, last);
        await(log.trim(first.baseOffset()));
        await(log.truncate(last.endOffset()));
        await(replacement.commit());
        noteCompacted(first, last);
        batches = new ArrayList<>(between(first.baseOffset(), last.endOffset()));
        assertHoldsBatches(log);
        assertThat(log.startOffset()).isEqualTo(first.baseOffset());
        assertThat(log.endOffset()).isEqualTo(last.endOffset());
        appendOne();
        assertHoldsBatches(log);
    }

    @Test
    void aTrimOfTheRangeComesFirst() {
        Replacement replacement = beginCompaction(segment(1), segment(2));
        long start = segment(1).baseOffset() + 3;
        await(log.trim(start));
        batches.removeIf(batch -> batch.lastOffset() < start);
        assertCommitFails(replacement);
        assertThat(log.startOffset()).isEqualTo(start);
    }

    @Test
    void aTrimBehindTheRangeComesFirst() {
        Replacement replacement = beginCompaction(segment(1), segment(2));
        long start = segment(3).baseOffset();
        await(log.trim(start));
        batches.removeIf(batch -> batch.lastOffset() < start);
        assertCommitFails(replacement);
    }

    @Test
    void aTruncationOfTheRangeComesFirst() {
        Replacement replacement = beginCompaction(segment(1), segment(2));
        long end = segment(2).endOffset() - 1;
        await(log.truncate(end));
        batches.removeIf(batch -> batch.lastOffset() >= end);
        assertCommitFails(replacement);
    }

    /** The offsets are the same again, what has them is not. */
    @Test
    void aTruncationBeforeTheRangeComesFirstWhateverIsAppendedThen() {
        Replacement replacement = beginCompaction(segment(1), segment(2));
        long end = segment(1).baseOffset();
        await(log.truncate(end));
        batches.removeIf(batch -> batch.lastOffset() >= end);
        while (log.segments().size() < SEGMENTS) {
            appendOne();
        }
        assertCommitFails(replacement);
    }

    private void assertCommitFails(Replacement replacement) {
        List<LogSegment> segments = log.segments();
        assertThatThrownBy(() -> await(replacement.commit())).isInstanceOf(StorageException.class);
        await(replacement.abandon());
        assertHoldsBatches(log);
        assertThat(log.segments()).isEqualTo(segments);
        appendOne();
        assertHoldsBatches(log);
    }

    @Test
    void afterACommitThatFailedThereCanBeAnother() {
        Replacement replacement = beginCompaction(segment(0), segment(2));
        long start = segment(1).baseOffset();
        await(log.trim(start));
        batches.removeIf(batch -> batch.lastOffset() < start);
        assertThatThrownBy(() -> await(replacement.commit())).isInstanceOf(StorageException.class);
        compact(segment(0), segment(1));
        assertHoldsBatches(log);
    }

    @Test
    void trimsAndTruncationsWorkOnWhatReplaces() {
        compact(segment(0), segment(2));
        RecordBatch third = batches.get(2);
        await(log.trim(third.baseOffset()));
        batches = new ArrayList<>(between(third.baseOffset(), Long.MAX_VALUE));
        assertHoldsBatches(log);
        RecordBatch sixth = batches.get(5);
        await(log.truncate(sixth.baseOffset()));
        batches = new ArrayList<>(between(0, sixth.baseOffset()));
        assertHoldsBatches(log);
        assertThat(log.endOffset()).isEqualTo(sixth.baseOffset());
        appendOne();
        assertHoldsBatches(log);
    }

    @Test
    void boundsThatAreNoSegmentsAreTheCallersMistake() {
        long base = segment(1).baseOffset();
        long end = segment(2).endOffset();
        long[][] wrong = {{base + 1, end}, {base, end + 1}, {base - 1, end}, {end, base}, {base, base}, {-1, base}};
        for (long[] bounds : wrong) {
            assertIsRefused(bounds[0], bounds[1]);
        }
    }

    @Test
    void theSegmentThatIsWrittenIsNotReplaced() {
        LogSegment last = segment(log.segments().size() - 1);
        assertIsRefused(last.baseOffset(), last.endOffset());
        assertIsRefused(0, last.endOffset());
        assertIsRefused(0, Long.MAX_VALUE);
    }

    private void assertIsRefused(long baseOffset, long endOffset) {
        assertThatThrownBy(() -> await(log.replace(baseOffset, endOffset)))
                .as("%d to %d", baseOffset, endOffset)
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void offsetsOutOfOrderOrBoundsAreTheCallersMistake() {
        LogSegment first = segment(1);
        LogSegment last = segment(2);
        List<RecordBatch> inOrder = between(first.baseOffset(), last.endOffset());
        Replacement replacement = begin(log, first, last);
        assertIsRefused(replacement, Batches.single(first.baseOffset() - 1, 1));
        assertIsRefused(replacement, Batches.single(last.endOffset(), 1));
        assertIsRefused(replacement, Batches.of(last.endOffset() - 1, 2, 0, 1));
        add(replacement, inOrder.subList(0, 3));
        assertIsRefused(replacement, inOrder.get(2));
        assertIsRefused(replacement, inOrder.get(0));
        add(replacement, inOrder.subList(4, 6));
        await(replacement.commit());
        List<RecordBatch> left = new ArrayList<>(inOrder.subList(0, 3));
        left.addAll(inOrder.subList(4, 6));
        noteReplaced(first, last, left);
        assertHoldsBatches(log);
    }

    private static void assertIsRefused(Replacement replacement, RecordBatch batch) {
        assertThatThrownBy(() -> await(replacement.append(batch)))
                .as("offset %d", batch.baseOffset())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneReplacementAtATime() {
        LogSegment first = segment(0);
        Replacement replacement = beginCompaction(first, first);
        assertThatThrownBy(() -> begin(log, segment(2), segment(2))).isInstanceOf(StorageException.class);
        ReplaceableLog other = (ReplaceableLog) open(log.id());
        assertThatThrownBy(() -> begin(other, segment(2), segment(2))).isInstanceOf(StorageException.class);
        await(replacement.commit());
        noteCompacted(first, first);
        compact(segment(2), segment(2));
        assertHoldsBatches(log);
    }

    @Test
    void anotherOpenerOfTheSameEpochReplaces() {
        ReplaceableLog writer = log;
        log = (ReplaceableLog) open(writer.id());
        compact(segment(1), segment(2));
        assertHoldsBatches(writer);
        assertThat(writer.segments()).isEqualTo(log.segments());
        await(log.close());
        log = writer;
        appendOne();
        assertHoldsBatches(writer);
        compact(segment(0), segment(1));
        assertHoldsBatches(writer);
    }

    @Test
    void closingTheLogEndsTheReplacementOfWhoCloses() {
        ReplaceableLog other = (ReplaceableLog) open(log.id());
        Replacement replacement = begin(other, segment(1), segment(1));
        await(other.close());
        assertThatThrownBy(() -> await(replacement.commit())).isInstanceOf(StorageException.class);
        await(replacement.abandon());
        assertHoldsBatches(log);
        compact(segment(1), segment(1));
        assertHoldsBatches(log);
    }

    @Test
    void closingTheLogDoesNotEndTheReplacementOfAnother() {
        PartitionLog other = open(log.id());
        LogSegment first = segment(1);
        Replacement replacement = beginCompaction(first, first);
        await(other.close());
        await(replacement.commit());
        noteCompacted(first, first);
        assertHoldsBatches(log);
    }

    @Test
    void aHigherEpochFencesWhoReplaces() {
        LogSegment first = segment(1);
        Replacement fenced = beginCompaction(first, first);
        ReplaceableLog newer = (ReplaceableLog) open(log.id(), 2);
        assertThatThrownBy(() -> await(fenced.commit())).isInstanceOf(LogFencedException.class);
        assertThatThrownBy(() -> begin(log, first, first)).isInstanceOf(LogFencedException.class);
        await(fenced.abandon());
        assertHoldsBatches(newer);
        log = newer;
        compact(first, first);
        assertHoldsBatches(newer);
    }

    @Test
    void whoIsFencedDoesNotStandInTheWay() {
        LogSegment first = segment(1);
        Replacement fenced = beginCompaction(first, first);
        log = (ReplaceableLog) open(log.id(), 2);
        Replacement replacement = beginCompaction(first, first);
        await(fenced.abandon());
        await(replacement.commit());
        noteCompacted(first, first);
        assertHoldsBatches(log);
    }

    @Test
    void aDeletedLogIsNotReplaced() {
        Replacement replacement = beginCompaction(segment(1), segment(2));
        await(engine.delete(log.id()));
        assertThatThrownBy(() -> await(replacement.commit())).isInstanceOf(StorageException.class);
        await(replacement.abandon());
        assertThat(await(engine.list())).isEmpty();
    }

    @Test
    void whatReplacesOutlivesTheClose() {
        compact(segment(1), segment(2));
        List<LogSegment> segments = log.segments();
        await(log.close());
        log = (ReplaceableLog) open(log.id());
        assertHoldsBatches(log);
        assertThat(log.segments()).isEqualTo(segments);
        appendOne();
        compact(segment(0), segment(1));
        assertHoldsBatches(log);
    }

    @Test
    void whatReplacesOutlivesTheEngine() {
        Assumptions.assumeTrue(isDurable(), "the engine says that it keeps nothing");
        compact(segment(1), segment(2));
        await(begin(log, segment(0), segment(0)).commit());
        noteReplaced(segment(0), segment(0), List.of());
        List<LogSegment> segments = log.segments();
        restart();
        log = (ReplaceableLog) open(log.id());
        assertHoldsBatches(log);
        assertThat(log.startOffset()).isZero();
        assertThat(log.segments()).isEqualTo(segments);
        appendOne();
        assertHoldsBatches(log);
    }

    @Test
    void whatWasNotCommittedDoesNotOutliveTheEngine() {
        Assumptions.assumeTrue(isDurable(), "the engine says that it keeps nothing");
        List<LogSegment> segments = log.segments();
        beginCompaction(segment(1), segment(2));
        restart();
        log = (ReplaceableLog) open(log.id());
        assertHoldsBatches(log);
        assertThat(log.segments()).isEqualTo(segments);
        compact(segment(1), segment(2));
        assertHoldsBatches(log);
    }

    /** Whatever readers see is whole, in order, and either what was or what replaces it. */
    @Test
    void readersDoNotMind() {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(READERS, ReplacementContract::daemon);
        try {
            List<CompletionStage<Void>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(CompletableFuture.runAsync(
                        () -> {
                            do {
                                readThrough();
                            } while (!done.get());
                        },
                        threads));
            }
            for (int round = 0; round < 20; round++) {
                int finished = log.segments().size() - 1;
                LogSegment first = segment(round % finished);
                LogSegment last = segment(Math.min(round % finished + round % 3, finished - 1));
                compact(first, last);
                while (log.segments().size() < SEGMENTS) {
                    appendOne();
                }
            }
            done.set(true);
            readers.forEach(Stages::await);
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
        assertHoldsBatches(log);
    }

    private void readThrough() {
        long offset = 0;
        long end = log.endOffset();
        while (true) {
            byte[] bytes = take(log.read(offset, 5_000, true, end));
            if (bytes.length == 0) {
                break;
            }
            for (RecordBatch batch : RecordBatches.possiblyCut(ByteBuffer.wrap(bytes))) {
                assertThat(batch.isCrcValid()).isTrue();
                assertThat(batch.lastOffset()).isGreaterThanOrEqualTo(offset);
                offset = batch.nextOffset();
            }
        }
        assertThat(offset).isBetween(1L, end);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "replacement-contract");
        thread.setDaemon(true);
        return thread;
    }
}
