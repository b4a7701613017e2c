package io.brokkr.spi;

import java.util.List;
import java.util.Map;

/**
 * The metrics that share a name, as they were at one moment. Immutable.
 *
 * @param name lower-case letters, digits and underscores; of a counter it ends in {@code _total}. Two families never have the same name
 * @param help one sentence
 * @param samples one for each set of labels, in no particular order
 */
public record MetricFamily(String name, String help, Kind kind, List<Sample> samples) {

    /** Copies the samples. */
    public MetricFamily {
        samples = List.copyOf(samples);
    }

    /** What the numbers mean. */
    public enum Kind {
        /** Numbers that only grow while the broker runs. */
        COUNTER,
        /** Numbers that go up and down. */
        GAUGE,
        /** Distributions of durations. */
        TIMINGS
    }

    /**
     * One metric.
     *
     * @param value of a counter or a gauge the number itself, which may be no number ({@link Double#NaN}); of timings the sum in seconds
     * @param buckets of timings, in ascending order; else empty
     */
    public record Sample(Map<String, String> labels, double value, List<Bucket> buckets) {

        /** Copies labels and buckets. */
        public Sample {
            labels = Map.copyOf(labels);
            buckets = List.copyOf(buckets);
        }

        /** Of a counter or a gauge. */
        public Sample(Map<String, String> labels, double value) {
            this(labels, value, List.of());
        }
    }

    /**
     * The durations between the bound of the bucket before and this one's.
     *
     * @param upToSeconds the bound, which belongs to the bucket; of the last one {@link Double#POSITIVE_INFINITY}
     * @param count how many there were in this bucket alone
     */
    public record Bucket(double upToSeconds, long count) {}
}
