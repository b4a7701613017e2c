package io.brokkr.testkit.storage;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** One step of a random test. Offsets are given as parts of a thousand between start and end, so that a sequence stays meaningful when it is shrunk. */
sealed interface LogOperation {

    /** Appends a batch behind a gap. */
    record Append(int gap, int recordCount, int valueSizeInBytes, long timestamp) implements LogOperation {}

    /** Reads somewhere. */
    record Read(int at, int maxBytes, boolean atLeastOneBatch, int before) implements LogOperation {}

    /** Searches. */
    record FindTimestamp(long timestamp) implements LogOperation {}

    /** Forgets the front. */
    record Trim(int at) implements LogOperation {}

    /** Forgets the tail. */
    record Truncate(int at) implements LogOperation {}

    /**
     * Begins to replace finished segments.
     *
     * @param seed of what becomes of each batch: it stays, becomes a smaller one, or goes
     */
    record BeginReplacement(int at, int segmentCount, long seed) implements LogOperation {}

    /** Ends the replacement that is under way. */
    record EndReplacement(boolean commits) implements LogOperation {}

    /** Ends the segment that is being written. */
    record FinishSegment() implements LogOperation {}

    /** Makes durable. */
    record Sync() implements LogOperation {}

    /** Closes the log and opens it again. */
    record Reopen() implements LogOperation {}

    /** Closes the engine and opens another one. */
    record Restart() implements LogOperation {}

    /** All of them; appends and reads the most often. */
    static Arbitrary<LogOperation> any() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 1_000);
        Arbitrary<Integer> gap = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(0)),
                Tuple.of(2, Arbitraries.integers().between(1, 20)),
                Tuple.of(1, Arbitraries.integers().between(1 << 30, Integer.MAX_VALUE)));
        Arbitrary<LogOperation> append = Combinators.combine(
                        gap,
                        Arbitraries.integers().between(1, 8),
                        Arbitraries.integers().between(0, 300),
                        Arbitraries.longs().between(-1, 2_000))
                .as(Append::new);
        Arbitrary<LogOperation> read = Combinators.combine(
                        place,
                        Arbitraries.integers().between(0, 3_000),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 1_100))
                .as(Read::new);
        return Arbitraries.frequencyOf(
                Tuple.of(24, append),
                Tuple.of(16, read),
                Tuple.of(4, Arbitraries.longs().between(-1, 2_001).map(FindTimestamp::new)),
                Tuple.of(2, place.map(Trim::new)),
                Tuple.of(2, place.map(Truncate::new)),
                Tuple.of(
                        3,
                        Combinators.combine(place, Arbitraries.integers().between(1, 3), Arbitraries.longs())
                                .as(BeginReplacement::new)),
                Tuple.of(3, Arbitraries.of(true, true, false).map(EndReplacement::new)),
                Tuple.of(1, Arbitraries.just(new FinishSegment())),
                Tuple.of(2, Arbitraries.just(new Sync())),
                Tuple.of(2, Arbitraries.just(new Reopen())),
                Tuple.of(1, Arbitraries.just(new Restart())));
    }
}
