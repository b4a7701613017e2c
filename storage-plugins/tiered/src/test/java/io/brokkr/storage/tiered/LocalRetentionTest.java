package io.brokkr.storage.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.LogSegment;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class LocalRetentionTest {

    private static final long NOW = 1_000;

    @Provide
    Arbitrary<List<LogSegment>> hotTiers() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 100), Arbitraries.longs().between(-1, NOW + 10))
                .as((size, timestamp) -> new LogSegment(0, 1, size, timestamp))
                .list()
                .ofMinSize(1)
                .ofMaxSize(10);
    }

    private static long size(List<LogSegment> segments) {
        return segments.stream().mapToLong(LogSegment::sizeInBytes).sum();
    }

    @Property
    void asFewSegmentsStayAsHaveTheSize(
            @ForAll("hotTiers") List<LogSegment> hot, @ForAll @LongRange(min = 0, max = 500) long bytes) {
        int due = new LocalRetention(-1, bytes).due(hot, NOW);
        assertThat(due).isBetween(0, hot.size() - 1);
        if (due > 0) {
            assertThat(size(hot.subList(due, hot.size()))).isGreaterThanOrEqualTo(bytes);
        }
        if (due < hot.size() - 1) {
            assertThat(size(hot.subList(due + 1, hot.size()))).isLessThan(bytes);
        }
    }

    @Property
    void whatIsOlderMovesUpToTheFirstThatIsNot(
            @ForAll("hotTiers") List<LogSegment> hot, @ForAll @LongRange(min = 0, max = 1_100) long millis) {
        int due = new LocalRetention(millis, -2).due(hot, NOW);
        List<LogSegment> full = hot.subList(0, hot.size() - 1);
        assertThat(full.subList(0, due))
                .allMatch(segment -> segment.maxTimestamp() >= 0 && NOW - segment.maxTimestamp() > millis);
        if (due < full.size()) {
            LogSegment first = full.get(due);
            assertThat(first.maxTimestamp() < 0 || NOW - first.maxTimestamp() <= millis)
                    .isTrue();
        }
    }

    @Property
    void negativeLimitsAreNone(
            @ForAll("hotTiers") List<LogSegment> hot,
            @ForAll @LongRange(min = -2, max = -1) long millis,
            @ForAll @LongRange(min = -2, max = -1) long bytes) {
        assertThat(new LocalRetention(millis, bytes).due(hot, NOW)).isZero();
    }
}
