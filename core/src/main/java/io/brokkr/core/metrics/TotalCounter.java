package io.brokkr.core.metrics;

import io.brokkr.spi.MetricFamily;
import io.brokkr.spi.Metrics;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** A counter whose threads do not get in each other's way. */
final class TotalCounter implements Metrics.Counter, Sampled {

    private final LongAdder total = new LongAdder();

    @Override
    public void add(long amount) {
        total.add(amount);
    }

    @Override
    public MetricFamily.Sample sample(Map<String, String> labels) {
        return new MetricFamily.Sample(labels, (double) total.sum());
    }
}
