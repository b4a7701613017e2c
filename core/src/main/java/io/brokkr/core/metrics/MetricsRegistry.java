package io.brokkr.core.metrics;

import io.brokkr.spi.Metrics;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** All metrics of a broker. Thread-safe. */
public final class MetricsRegistry implements Metrics {

    private final Map<String, MetricFamily> families = new ConcurrentSkipListMap<>();

    @Override
    public Counter counter(String name, String help, Map<String, String> labels) {
        return (Counter) register(name, help, "counter", labels, TotalCounter::new);
    }

    @Override
    public void gauge(String name, String help, Map<String, String> labels, DoubleSupplier value) {
        family(name, help, "gauge").byLabels().put(text(labels), new Gauge(value));
    }

    /** Takes a gauge away, unless another value has taken its place. */
    public void removeGauge(String name, Map<String, String> labels, DoubleSupplier value) {
        MetricFamily family = families.get(name);
        if (family != null) {
            family.byLabels().remove(text(labels), new Gauge(value));
        }
    }

    private record Gauge(DoubleSupplier value) implements MetricFamily.Sampled {
        @Override
        public void appendTo(StringBuilder text, String name, String labels) {
            MetricFamily.appendSample(text, name, labels, value.getAsDouble());
        }
    }

    @Override
    public Timings timings(String name, String help, Map<String, String> labels) {
        return (Timings) register(name, help, "histogram", labels, TimingsHistogram::new);
    }

    /** All metrics in Prometheus' text format 0.0.4, in the order of their names and labels. */
    public String toText() {
        StringBuilder text = new StringBuilder(4096);
        families.values().forEach(family -> family.appendTo(text));
        return text.toString();
    }

    private MetricFamily.Sampled register(
            String name,
            String help,
            String type,
            Map<String, String> labels,
            Supplier<? extends MetricFamily.Sampled> maker) {
        return family(name, help, type).byLabels().computeIfAbsent(text(labels), absent -> maker.get());
    }

    private MetricFamily family(String name, String help, String type) {
        MetricFamily family = families.computeIfAbsent(name, absent -> {
            checkName(name);
            return new MetricFamily(name, help, type);
        });
        if (!family.type().equals(type)) {
            throw new IllegalArgumentException("the metric " + name + " is a " + family.type() + ", not a " + type);
        }
        return family;
    }

    private static String text(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        new TreeMap<>(labels).forEach((label, value) -> {
            checkName(label);
            text.append(text.isEmpty() ? "" : ",")
                    .append(label)
                    .append("=\"")
                    .append(escape(value))
                    .append('"');
        });
        return text.toString();
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
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
