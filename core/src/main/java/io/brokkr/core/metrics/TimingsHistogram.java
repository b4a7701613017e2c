package io.brokkr.core.metrics;

import io.brokkr.spi.Metrics;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** Durations in buckets whose bounds go from 50 µs to 10 s, three or four to a decade. */
final class TimingsHistogram implements Metrics.Timings, MetricFamily.Sampled {

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
    public void appendTo(StringBuilder text, String name, String labels) {
        String before = labels.isEmpty() ? "" : labels + ",";
        long total = 0;
        for (int i = 0; i < BOUNDS_IN_NANOS.length; i++) {
            total += counts[i].sum();
            String bound = Double.toString(BOUNDS_IN_NANOS[i] / NANOS_PER_SECOND);
            MetricFamily.appendSample(text, name + "_bucket", before + "le=\"" + bound + "\"", (double) total);
        }
        total += counts[BOUNDS_IN_NANOS.length].sum();
        MetricFamily.appendSample(text, name + "_bucket", before + "le=\"+Inf\"", (double) total);
        MetricFamily.appendSample(text, name + "_sum", labels, sumInNanos.sum() / NANOS_PER_SECOND);
        MetricFamily.appendSample(text, name + "_count", labels, (double) total);
    }
}
