package io.brokkr.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetentionRuleTest {

    private record Part(int records, int sizeInBytes, int maxTimestamp) {}

    @Provide
    Arbitrary<List<LogSegment>> logs() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(1, 100),
                        Arbitraries.integers().between(-1, 1_000))
                .as(Part::new)
                .list()
                .ofMaxSize(8)
                .map(parts -> {
                    List<LogSegment> segments = new ArrayList<>();
                    long offset = 0;
                    for (Part part : parts) {
                        segments.add(new LogSegment(
                                offset, offset + part.records(), part.sizeInBytes(), part.maxTimestamp()));
                        offset += part.records();
                    }
                    return segments.isEmpty() ? List.of(new LogSegment(0, 0, 0, -1)) : segments;
                });
    }

    @Property
    void whatGoesIsAllowedToGoAndWhatStaysMustStay(
            @ForAll("logs") List<LogSegment> segments,
            @ForAll @IntRange(min = -1, max = 800) int millis,
            @ForAll @IntRange(min = -1, max = 500) int bytes,
            @ForAll @IntRange(max = 50) int highWatermark) {
        long now = 1_000;
        RetentionRule rule = new RetentionRule(millis, bytes);
        long start = rule.startOffset(segments, 0, highWatermark, now);
        List<LogSegment> gone = segments.stream()
                .filter(segment -> segment.endOffset() <= start && start > 0)
                .toList();
        List<LogSegment> kept = segments.subList(gone.size(), segments.size());
        long keptBytes = kept.stream().mapToLong(LogSegment::sizeInBytes).sum();
        long behind = keptBytes;
        for (int i = gone.size() - 1; i >= 0; i--) {
            LogSegment segment = gone.get(i);
            assertThat(segment.endOffset()).isLessThanOrEqualTo(highWatermark);
            boolean bySize = bytes >= 0 && behind >= bytes;
            boolean byTime = isTooOld(segments, i, millis, now);
            assertThat(bySize || byTime).isTrue();
            behind += segment.sizeInBytes();
        }
        if (!kept.isEmpty()
                && kept.get(0).endOffset() <= highWatermark
                && kept.get(0).endOffset() > start) {
            LogSegment first = kept.get(0);
            assertThat(bytes >= 0 && keptBytes - first.sizeInBytes() >= bytes).isFalse();
            assertThat(isTooOld(segments, gone.size(), millis, now)).isFalse();
        }
    }

    /** What has no time was appended before the next one that has. */
    private static boolean isTooOld(List<LogSegment> segments, int index, int millis, long now) {
        int timed = index;
        while (timed < segments.size() && segments.get(timed).maxTimestamp() < 0) {
            timed++;
        }
        return millis >= 0
                && timed < segments.size()
                && now - segments.get(timed).maxTimestamp() > millis;
    }

    @Test
    void recordsWithoutTimestampsAreNotInTheWayOfTheOnesBehindThem() {
        List<LogSegment> segments =
                List.of(new LogSegment(0, 5, 100, -1), new LogSegment(5, 9, 100, 400), new LogSegment(9, 12, 100, -1));
        RetentionRule rule = new RetentionRule(500, -1);
        assertThat(rule.nextLook(segments)).isEqualTo(901);
        assertThat(rule.startOffset(segments, 0, 12, 900)).isZero();
        assertThat(rule.startOffset(segments, 0, 12, 901)).isEqualTo(9);
    }

    @Property
    void beforeTheNextLookNothingIsDue(
            @ForAll("logs") List<LogSegment> segments, @ForAll @IntRange(min = -1, max = 800) int millis) {
        RetentionRule rule = new RetentionRule(millis, -1);
        long next = rule.nextLook(segments);
        long end = segments.get(segments.size() - 1).endOffset();
        if (next == Long.MAX_VALUE) {
            assertThat(rule.startOffset(segments, 0, end, Long.MAX_VALUE / 2)).isZero();
        } else {
            assertThat(rule.startOffset(segments, 0, end, next - 1)).isZero();
            assertThat(rule.startOffset(segments, 0, end, next)).isPositive();
        }
    }

    @Test
    void aTopicThatIsOnlyCompactedKeepsAll() {
        Map<String, String> limits = Map.of("retention.ms", "1", "retention.bytes", "1", "cleanup.policy", "compact");
        assertThat(RetentionRule.of(TestBroker.configuration(Map.of()).forTopic(limits)))
                .isEqualTo(RetentionRule.KEEP_ALL);
    }

    @Test
    void aTopicWithoutACleanupPolicyKeepsAll() {
        Map<String, String> limits = Map.of("retention.ms", "1", "retention.bytes", "1", "cleanup.policy", "");
        assertThat(RetentionRule.of(TestBroker.configuration(Map.of()).forTopic(limits)))
                .isEqualTo(RetentionRule.KEEP_ALL);
        assertThat(RetentionRule.of(
                        TestBroker.configuration(Map.of("log.cleanup.policy", "", "log.retention.ms", "1"))))
                .isEqualTo(RetentionRule.KEEP_ALL);
    }

    @Test
    void theBrokersHoursAreTheTopicsMilliseconds() {
        assertThat(RetentionRule.of(TestBroker.configuration(Map.of("log.retention.hours", "2"))))
                .isEqualTo(new RetentionRule(7_200_000, -1));
        assertThat(RetentionRule.of(TestBroker.configuration(Map.of("log.retention.hours", "-1"))))
                .isEqualTo(RetentionRule.KEEP_ALL);
    }
}
