package io.brokkr.core.metrics;

import io.brokkr.spi.MetricFamily;
import io.brokkr.spi.MetricFamily.Kind;
import io.brokkr.spi.Metrics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** All metrics of a broker. Thread-safe. */
public final class MetricsRegistry implements Metrics {

    private final Map<String, Family> families = new ConcurrentSkipListMap<>();

    private record Family(String name, String help, Kind kind, Map<Map<String, String>, Sampled> byLabels) {

        MetricFamily snapshot() {
            List<MetricFamily.Sample> samples = byLabels.entrySet().stream()
                    .map(metric -> metric.getValue().sample(metric.getKey()))
                    .toList();
            return new MetricFamily(name, help, kind, samples);
        }
    }

    private record Gauge(DoubleSupplier value) implements Sampled {

        /** A gauge that fails, or whose plugin is on its way out, must not hide all other metrics. */
        @Override
        public MetricFamily.Sample sample(Map<String, String> labels) {
            double now;
            try {
                now = value.getAsDouble();
            } catch (RuntimeException | LinkageError failure) {
                now = Double.NaN;
            }
            return new MetricFamily.Sample(labels, now);
        }
    }

    @Override
    public Counter counter(String name, String help, Map<String, String> labels) {
        return (Counter) register(name, help, Kind.COUNTER, labels, TotalCounter::new);
    }

    @Override
    public void gauge(String name, String help, Map<String, String> labels, DoubleSupplier value) {
        family(name, help, Kind.GAUGE).byLabels().put(checked(labels), new Gauge(value));
    }

    /** Takes a gauge away, unless another value has taken its place. */
    public void removeGauge(String name, Map<String, String> labels, DoubleSupplier value) {
        Family family = families.get(name);
        if (family != null) {
            family.byLabels().remove(labels, new Gauge(value));
        }
    }

    @Override
    public Timings timings(String name, String help, Map<String, String> labels) {
        return (Timings) register(name, help, Kind.TIMINGS, labels, TimingsHistogram::new);
    }

    /** All metrics as they are now, in the order of their names. */
    public List<MetricFamily> snapshot() {
        return families.values().stream().map(Family::snapshot).toList();
    }

    private Sampled register(
            String name, String help, Kind kind, Map<String, String> labels, Supplier<? extends Sampled> maker) {
        return family(name, help, kind).byLabels().computeIfAbsent(checked(labels), absent -> maker.get());
    }

    private Family family(String name, String help, Kind kind) {
        Family family = families.computeIfAbsent(name, absent -> {
            checkName(name);
            return new Family(name, help, kind, new ConcurrentHashMap<>());
        });
        if (family.kind() != kind) {
            throw new IllegalArgumentException(
                    "the metric " + name + " is of the kind " + family.kind() + ", not " + kind);
        }
        return family;
    }

    private static Map<String, String> checked(Map<String, String> labels) {
        labels.keySet().forEach(MetricsRegistry::checkName);
        return Map.copyOf(labels);
    }

    private static void checkName(String name) {
        boolean valid = !name.isEmpty() && !Character.isDigit(name.charAt(0));
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            valid &= (character >= 'a' && character <= 'z')
                    || (character >= '0' && character <= '9')
                    || character == '_';
        }
        if (!valid) {
            throw new IllegalArgumentException(
                    "a metric's name has lower-case letters, digits and underscores: " + name);
        }
    }
}
