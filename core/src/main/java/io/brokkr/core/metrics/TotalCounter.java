package io.brokkr.core.metrics;

import io.brokkr.spi.Metrics;
import java.util.concurrent.atomic.LongAdder;

/** A counter whose threads do not get in each other's way. */
final class TotalCounter implements Metrics.Counter, MetricFamily.Sampled {

    private final LongAdder total = new LongAdder();

    @Override
    public void add(long amount) {
        total.add(amount);
    }

    @Override
    public void appendTo(StringBuilder text, String name, String labels) {
        MetricFamily.appendSample(text, name, labels, (double) total.sum());
    }
}
