package io.brokkr.core.metrics;

import io.brokkr.spi.MetricFamily;
import java.util.Map;

/** A metric that tells what it has come to. */
interface Sampled {
    MetricFamily.Sample sample(Map<String, String> labels);
}
