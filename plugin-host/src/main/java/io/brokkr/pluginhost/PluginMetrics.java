package io.brokkr.pluginhost;

import io.brokkr.spi.Metrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/** The metrics as a plugin sees them: its gauges, which call it, end with it. What it counted stays, and is counted on when it comes back. Thread-safe. */
public final class PluginMetrics implements Metrics {

    private final Metrics metrics;
    private final GaugeRemoval removal;
    private final Map<Gauge, DoubleSupplier> gauges = new ConcurrentHashMap<>();

    private record Gauge(String name, Map<String, String> labels) {}

    /** Takes away a gauge, unless another value has taken its place. */
    @FunctionalInterface
    public interface GaugeRemoval {
        /** Of the gauge that these labels and this value belong to. */
        void remove(String name, Map<String, String> labels, DoubleSupplier value);
    }

    /** For one plugin, with the broker's metrics and their way to lose a gauge. */
    public PluginMetrics(Metrics metrics, GaugeRemoval removal) {
        this.metrics = metrics;
        this.removal = removal;
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
    public void end() {
        gauges.forEach((gauge, value) -> removal.remove(gauge.name(), gauge.labels(), value));
        gauges.clear();
    }
}
