package io.brokkr.benchmarks;

import io.brokkr.compatibility.CheckFailedException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What Kafka's ProducerPerformance says at its end, after the records that were to warm it up. Its percentiles are whole milliseconds.
 *
 * @param recordsPerSecond that were acknowledged
 * @param meanMs from a record's send to its acknowledgement, in milliseconds, as are the percentiles
 */
record ProducerReport(double recordsPerSecond, double meanMs, double p50Ms, double p99Ms, double p999Ms) {
    private static final Pattern SUMMARY =
            Pattern.compile("(?m)^(\\d+)(?: steady state)? records sent, ([\\d.]+) records/sec"
                    + " \\([\\d.]+ MB/sec\\), ([\\d.]+) ms avg latency, [\\d.]+ ms max latency,"
                    + " (\\d+) ms 50th, \\d+ ms 95th, (\\d+) ms 99th, (\\d+) ms 99\\.9th");

    /** Refuses the output of a tool that could not deliver all records, for it ends with 0 all the same. */
    static ProducerReport parse(String output, long records) {
        List<MatchResult> summaries = SUMMARY.matcher(output).results().toList();
        CheckFailedException.unless(!summaries.isEmpty(), "no summary in: " + output);
        long sent = Long.parseLong(summaries.get(0).group(1));
        CheckFailedException.unless(sent == records, sent + " of " + records + " records were acknowledged");
        MatchResult last = summaries.get(summaries.size() - 1);
        return new ProducerReport(number(last, 2), number(last, 3), number(last, 4), number(last, 5), number(last, 6));
    }

    private static double number(MatchResult summary, int group) {
        return Double.parseDouble(summary.group(group));
    }
}
