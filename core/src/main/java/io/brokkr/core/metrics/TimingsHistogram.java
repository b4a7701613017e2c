package io.brokkr.core.metrics;

import io.brokkr.spi.MetricFamily;
import io.brokkr.spi.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Durations in buckets whose bounds go from 50 µs to 10 s, three or four to a decade. */
final class TimingsHistogram implements Metrics.Timings, Sampled {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long[] BOUNDS_IN_NANOS = {
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        25_000_000,
        50_000_000,
        100_000_000,
        250_000_000,
        500_000_000,
        1_000_000_000,
        2_500_000_000L,
        5_000_000_000L,
        10_000_000_000L
    };

    private final LongAdder[] counts = new LongAdder[BOUNDS_IN_NANOS.length + 1];
    private final LongAdder sumInNanos = new LongAdder();

    TimingsHistogram() {
        Arrays.setAll(counts, index -> new LongAdder());
    }

    @Override
    public void record(long nanos) {
        int found = Arrays.binarySearch(BOUNDS_IN_NANOS, nanos);
        counts[found >= 0 ? found : -found - 1].increment();
        sumInNanos.add(nanos);
    }

    @Override
    public MetricFamily.Sample sample(Map<String, String> labels) {
        List<MetricFamily.Bucket> buckets = new ArrayList<>(counts.length);
        for (int i = 0; i < counts.length; i++) {
            double bound =
                    i < BOUNDS_IN_NANOS.length ? BOUNDS_IN_NANOS[i] / NANOS_PER_SECOND : Double.POSITIVE_INFINITY;
            buckets.add(new MetricFamily.Bucket(bound, counts[i].sum()));
        }
        return new MetricFamily.Sample(labels, sumInNanos.sum() / NANOS_PER_SECOND, buckets);
    }
}
