package io.brokkr.storage.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The parts of a segment's file that this process has written or checked a short time ago, and whose bytes so need no check before they are sent. What lies on the device for
 * longer may have changed there, and may have left the page cache: a thread that may block reads and checks it first. Thread-safe.
 */
final class CheckedRanges {

    /** For how long a range grows with what is written or checked behind it. Its age is that of its beginning. */
    static final long GROWS_FOR_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** What is written all the time is known for at least as long as {@link #GROWS_FOR_NANOS}, whenever its range was begun. */
    static final long KNOWN_FOR_NANOS = 2 * GROWS_FOR_NANOS;

    /** Enough for the writer, and for readers at several places. */
    private static final int MOST_RANGES = 8;

    private static final class Range {
        private final long from;
        private final long since;
        private long to;

        Range(long from, long to, long since) {
            this.from = from;
            this.to = to;
            this.since = since;
        }
    }

    /** The newest last. */
    private final List<Range> ranges = new ArrayList<>(1);

    /**
     * Takes note of bytes that were just written, or checked.
     *
     * @param now of a clock that counts nanoseconds and never goes back
     */
    synchronized void add(long from, long to, long now) {
        for (int i = ranges.size() - 1; i >= 0; i--) {
            Range range = ranges.get(i);
            if (now - range.since < GROWS_FOR_NANOS && range.from <= from && from <= range.to) {
                range.to = Math.max(range.to, to);
                return;
            }
        }
        ranges.removeIf(range -> now - range.since >= KNOWN_FOR_NANOS);
        if (ranges.size() == MOST_RANGES) {
            // The last bytes are those of the writer, behind which most readers are.
            Range last = Collections.max(ranges, Comparator.comparingLong(range -> range.to));
            ranges.remove(ranges.get(0) == last ? 1 : 0);
        }
        ranges.add(new Range(from, to, now));
    }

    /** Whether all of these bytes are within one range. */
    synchronized boolean holds(long from, long to, long now) {
        for (int i = ranges.size() - 1; i >= 0; i--) {
            Range range = ranges.get(i);
            if (range.from <= from && to <= range.to && now - range.since < KNOWN_FOR_NANOS) {
                return true;
            }
        }
        return false;
    }
}
