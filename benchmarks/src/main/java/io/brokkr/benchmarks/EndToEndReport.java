package io.brokkr.benchmarks;

import io.brokkr.compatibility.CheckFailedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Kafka's EndToEndLatency says at its end, in milliseconds: from a record's send until the consumer beside has it, one record after
 * the other. Its percentiles are whole milliseconds.
 */
record EndToEndReport(double meanMs, double p50Ms, double p99Ms, double p999Ms) {
    private static final Pattern SUMMARY = Pattern.compile(
            "Avg latency: ([\\d.]+) ms\\s+Percentiles: 50th = (\\d+), 99th = (\\d+), 99\\.9th = (\\d+)");

    static EndToEndReport parse(String output) {
        Matcher summary = SUMMARY.matcher(output);
        CheckFailedException.unless(summary.find(), "no summary in: " + output);
        return new EndToEndReport(
                Double.parseDouble(summary.group(1)),
                Double.parseDouble(summary.group(2)),
                Double.parseDouble(summary.group(3)),
                Double.parseDouble(summary.group(4)));
    }
}
