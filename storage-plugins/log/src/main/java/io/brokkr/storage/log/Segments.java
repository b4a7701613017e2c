package io.brokkr.storage.log;

import io.brokkr.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The segments of a log at one moment, in ascending order of their base offsets. Immutable, though the segments are not.
 *
 * @param all never empty; the last one is written
 */
record Segments(List<Segment> all) {

    Segments {
        all = List.copyOf(all);
    }

    int count() {
        return all.size();
    }

    Segment get(int index) {
        return all.get(index);
    }

    Segment first() {
        return all.get(0);
    }

    Segment last() {
        return all.get(all.size() - 1);
    }

    /** Those before an index. */
    List<Segment> before(int index) {
        return all.subList(0, index);
    }

    /** Those from an index on. */
    Segments from(int index) {
        return new Segments(all.subList(index, all.size()));
    }

    /** Those before an index, and another one behind them. */
    Segments upTo(int index, Segment next) {
        List<Segment> longer = new ArrayList<>(before(index));
        longer.add(next);
        return new Segments(longer);
    }

    /** With others, or none, in the place of those from an index on and before another. */
    Segments replacing(int from, int before, List<Segment> replacement) {
        List<Segment> changed = new ArrayList<>(before(from));
        changed.addAll(replacement);
        changed.addAll(all.subList(before, all.size()));
        return new Segments(changed);
    }

    /** The index of the segment that holds an offset if any does; the first one if it lies before all of them. */
    int floorIndex(long offset) {
        int low = 0;
        int high = all.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (all.get(middle).baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    long sizeInBytes() {
        return all.stream().mapToLong(Segment::sizeInBytes).sum();
    }

    List<LogState.SegmentLine> toLines() {
        return all.stream().map(Segment::toLine).toList();
    }

    /**
     * For those who look at the log from outside.
     *
     * @param endOffset where the last one ends
     */
    List<LogSegment> describe(long endOffset) {
        List<LogSegment> described = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            boolean isLast = i + 1 == all.size();
            described.add(
                    all.get(i).describe(isLast ? endOffset : all.get(i + 1).baseOffset()));
        }
        return described;
    }
}
