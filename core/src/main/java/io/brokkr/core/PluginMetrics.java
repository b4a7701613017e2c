package io.brokkr.core;

import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.spi.Metrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/** The metrics as a plugin sees them: its gauges, which call it, end with it. What it counted stays, and is counted on when it comes back. Thread-safe. */
final class PluginMetrics implements Metrics {

    private final MetricsRegistry metrics;
    private final Map<Gauge, DoubleSupplier> gauges = new ConcurrentHashMap<>();

    private record Gauge(String name, Map<String, String> labels) {}

    PluginMetrics(MetricsRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public Counter counter(String name, String help, Map<String, String> labels) {
        return metrics.counter(name, help, labels);
    }

    @Override
    public Timings timings(String name, String help, Map<String, String> labels) {
        return metrics.timings(name, help, labels);
    }

    @Override
    public void gauge(String name, String help, Map<String, String> labels, DoubleSupplier value) {
        metrics.gauge(name, help, labels, value);
        gauges.put(new Gauge(name, Map.copyOf(labels)), value);
    }

    /** Takes away the gauges of which nobody else has taken the place. */
    void end() {
        gauges.forEach((gauge, value) -> metrics.removeGauge(gauge.name(), gauge.labels(), value));
        gauges.clear();
    }
}
