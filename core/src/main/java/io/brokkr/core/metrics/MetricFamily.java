package io.brokkr.core.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The metrics that share a name, each under its own labels.
 *
 * @param type as the text format names it: {@code counter}, {@code gauge} or {@code histogram}
 * @param byLabels the metrics by their labels, as these stand in the text: {@code topic="a",partition="0"}
 */
record MetricFamily(String name, String help, String type, Map<String, Sampled> byLabels) {

    /** A metric that can write its samples. */
    interface Sampled {
        /**
         * Appends lines of the text format.
         *
         * @param labels without braces, empty for none
         */
        void appendTo(StringBuilder text, String name, String labels);
    }

    MetricFamily(String name, String help, String type) {
        this(name, help, type, new ConcurrentSkipListMap<>());
    }

    void appendTo(StringBuilder text) {
        text.append("# HELP ")
                .append(name)
                .append(' ')
                .append(help.replace("\\", "\\\\").replace("\n", "\\n"))
                .append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        byLabels.forEach((labels, metric) -> metric.appendTo(text, name, labels));
    }

    /** One line: a name, its labels, a value. */
    static void appendSample(StringBuilder text, String name, String labels, double value) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ');
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            text.append((long) value);
        } else if (Double.isInfinite(value)) {
            text.append(value > 0 ? "+Inf" : "-Inf");
        } else {
            text.append(value);
        }
        text.append('\n');
    }
}
