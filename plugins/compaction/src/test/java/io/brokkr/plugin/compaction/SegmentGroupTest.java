package io.brokkr.plugin.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class SegmentGroupTest {

    private static final long MOST_BYTES = 1_000;

    @Property
    void groupsAreNeighboursThatFitIntoOneSegment(
            @ForAll List<@IntRange(min = 1, max = 1_200) Integer> sizes,
            @ForAll @IntRange(min = 1) int offsetsInASegment,
            @ForAll @LongRange(max = 40_000_000_000L) long endOffset) {
        List<LogSegment> segments = new ArrayList<>();
        for (int size : sizes) {
            long base = (long) segments.size() * offsetsInASegment;
            segments.add(new LogSegment(base, base + offsetsInASegment, size, 0));
        }
        List<SegmentGroup> groups = SegmentGroup.of(segments, endOffset, MOST_BYTES);

        int next = 0;
        for (SegmentGroup group : groups) {
            List<LogSegment> members = segments.subList(next, next + group.segmentCount());
            next += group.segmentCount();
            assertThat(group.baseOffset()).isEqualTo(members.get(0).baseOffset());
            assertThat(group.endOffset())
                    .isEqualTo(members.get(members.size() - 1).endOffset());
            assertThat(group.sizeInBytes())
                    .isEqualTo(
                            members.stream().mapToLong(LogSegment::sizeInBytes).sum());
            if (group.segmentCount() > 1) {
                assertThat(group.sizeInBytes()).isLessThanOrEqualTo(MOST_BYTES);
                assertThat(group.endOffset() - group.baseOffset()).isLessThanOrEqualTo(Integer.MAX_VALUE);
            }
        }
        assertThat(segments.subList(0, next)).allMatch(segment -> segment.baseOffset() < endOffset);
        assertThat(segments.subList(next, segments.size())).allMatch(segment -> segment.baseOffset() >= endOffset);
    }
}
