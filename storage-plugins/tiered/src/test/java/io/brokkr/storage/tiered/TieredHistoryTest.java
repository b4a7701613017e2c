package io.brokkr.storage.tiered;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.storage.Batches;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A log in two tiers is a list, wherever its batches are: after moves at any moment, ends of the process within any step, and while the cold tier is away. */
class TieredHistoryTest {

    /** One step. Places are parts of a thousand between start and end. */
    sealed interface Step {

        /** Appends a batch behind a gap. */
        record Append(int gap, int recordCount, int valueSizeInBytes, long timestamp) implements Step {}

        /** Forgets the front. */
        record Trim(int at) implements Step {}

        /** Forgets the tail. */
        record Truncate(int at) implements Step {}

        /** Moves what is due. */
        record Move() implements Step {}

        /** Closes the log and opens it again. */
        record Reopen() implements Step {}

        /** The cold tier goes, or comes back. */
        record ColdTier(boolean fails) implements Step {}

        /** The process ends within a step, after some calls to the tiers. */
        record End(Step within, int calls) implements Step {}
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 1_000);
        Arbitrary<Integer> gap = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(0)),
                Tuple.of(2, Arbitraries.integers().between(1, 20)));
        Arbitrary<Step> append = Combinators.combine(
                        gap,
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(0, 100),
                        Arbitraries.longs().between(-1, 2_000))
                .as(Step.Append::new);
        Arbitrary<Step> change = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(new Step.Move())),
                Tuple.of(2, place.map(Step.Trim::new)),
                Tuple.of(2, place.map(Step.Truncate::new)));
        return Arbitraries.frequencyOf(
                        Tuple.of(12, append),
                        Tuple.of(8, change),
                        Tuple.of(1, Arbitraries.just(new Step.Reopen())),
                        Tuple.of(1, Arbitraries.of(true, false).map(Step.ColdTier::new)),
                        Tuple.of(
                                3,
                                Combinators.combine(
                                                change, Arbitraries.integers().between(0, 25))
                                        .as(Step.End::new)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void nothingIsLostAndNothingComesTwice(@ForAll("histories") List<Step> steps) {
        try (TwoTiers tiers = new TwoTiers()) {
            Run run = new Run(tiers);
            for (Step step : steps) {
                run.apply(step);
                run.check();
            }
        }
    }

    private static final class Run {

        private final TwoTiers tiers;
        private final List<RecordBatch> batches = new ArrayList<>();
        private long startOffset;
        private long endOffset;
        private boolean coldFails;

        Run(TwoTiers tiers) {
            this.tiers = tiers;
        }

        private long place(int part) {
            return startOffset + (endOffset - startOffset) * part / 1_000;
        }

        void apply(Step step) {
            if (step instanceof Step.Append append) {
                RecordBatch batch = Batches.of(
                        endOffset + append.gap(), append.recordCount(), append.valueSizeInBytes(), append.timestamp());
                await(tiers.log().append(batch));
                batches.add(batch);
                endOffset = batch.nextOffset();
            } else if (step instanceof Step.Trim trim) {
                long to = place(trim.at());
                await(tiers.log().trim(to));
                trimmed(to);
            } else if (step instanceof Step.Truncate truncate) {
                truncate(place(truncate.at()));
            } else if (step instanceof Step.Move) {
                tiers.move();
            } else if (step instanceof Step.Reopen) {
                tiers.reopen();
            } else if (step instanceof Step.ColdTier cold) {
                coldFails = cold.fails();
                tiers.cold().setFails(coldFails);
            } else if (step instanceof Step.End end) {
                endWithin(end);
            }
        }

        private void truncate(long to) {
            CompletionStage<Void> truncated = tiers.log().truncate(to);
            if (coldFails
                    && tiers.part().segmentCutAt(to) != null
                    && to < tiers.part().endOffset()) {
                assertThatThrownBy(() -> await(truncated)).isInstanceOf(StorageException.class);
            } else {
                await(truncated);
                truncatedTo(to);
            }
        }

        private void trimmed(long to) {
            startOffset = Math.max(startOffset, to);
            batches.removeIf(batch -> batch.lastOffset() < startOffset);
        }

        private void truncatedTo(long to) {
            endOffset = Math.min(endOffset, to);
            batches.removeIf(batch -> batch.lastOffset() >= endOffset);
        }

        /** What was not complete has been done, or not, or up to some place in between. */
        private void endWithin(Step.End end) {
            Step within = end.within();
            long to = within instanceof Step.Trim trim
                    ? place(trim.at())
                    : within instanceof Step.Truncate truncate ? place(truncate.at()) : 0;
            tiers.endAfter(end.calls());
            CompletionStage<Void> step = within instanceof Step.Trim
                    ? tiers.log().trim(to)
                    : within instanceof Step.Truncate
                            ? tiers.log().truncate(to)
                            : tiers.engine().move();
            await(step.handle((done, failure) -> null));
            tiers.restart();
            if (within instanceof Step.Trim) {
                assertThat(tiers.log().startOffset()).isBetween(startOffset, Math.max(startOffset, to));
                trimmed(tiers.log().startOffset());
            } else if (within instanceof Step.Truncate) {
                assertThat(tiers.log().endOffset()).isBetween(Math.min(endOffset, to), endOffset);
                truncatedTo(tiers.log().endOffset());
            }
        }

        void check() {
            assertThat(tiers.log().startOffset()).isEqualTo(startOffset);
            assertThat(tiers.log().endOffset()).isEqualTo(endOffset);
            checkSegments();
            long hotStart = Math.max(startOffset, tiers.part().endOffset());
            assertThat(tiers.readAll(hotStart)).isEqualTo(bytesFrom(hotStart));
            if (!coldFails) {
                assertThat(tiers.readAll(startOffset)).isEqualTo(bytesFrom(startOffset));
                for (long timestamp = -1; timestamp <= 2_001; timestamp += 286) {
                    checkTimestamp(timestamp);
                }
            } else if (startOffset < tiers.part().recordsEnd()) {
                assertThatThrownBy(() -> tiers.readAll(startOffset))
                        .isInstanceOf(StorageException.class)
                        .hasMessageStartingWith("the cold tier cold cannot be used for orders-0: ");
            }
        }

        private void checkSegments() {
            List<LogSegment> segments = tiers.log().segments();
            assertThat(segments.get(0).baseOffset()).isLessThanOrEqualTo(startOffset);
            assertThat(segments.get(segments.size() - 1).endOffset()).isEqualTo(endOffset);
            for (int i = 1; i < segments.size(); i++) {
                assertThat(segments.get(i).baseOffset())
                        .isEqualTo(segments.get(i - 1).endOffset());
            }
            for (RecordBatch batch : batches) {
                assertThat(segments)
                        .anyMatch(segment -> segment.baseOffset() <= batch.lastOffset()
                                && segment.endOffset() > batch.lastOffset()
                                && segment.maxTimestamp() >= batch.maxTimestamp());
            }
            assertThat(tiers.log().sizeInBytes()).isGreaterThanOrEqualTo(bytesFrom(startOffset).length);
        }

        private byte[] bytesFrom(long offset) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            batches.stream()
                    .filter(batch -> batch.lastOffset() >= offset)
                    .forEach(batch -> bytes.writeBytes(Batches.bytes(batch)));
            return bytes.toByteArray();
        }

        private void checkTimestamp(long timestamp) {
            Optional<RecordBatch> first = batches.stream()
                    .filter(batch -> batch.maxTimestamp() >= timestamp)
                    .findFirst();
            Optional<Long> found = await(tiers.log().findTimestamp(timestamp));
            assertThat(found.isPresent()).isEqualTo(first.isPresent());
            first.ifPresent(batch ->
                    assertThat(found.orElseThrow()).isBetween(startOffset, Math.max(startOffset, batch.baseOffset())));
        }
    }
}
