package io.brokkr.spi;

import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Figures for the operator, in the manner of Prometheus: names in lower case with underscores and their unit at the end ({@code _total}, {@code
 * _bytes}, {@code _seconds}). Thread-safe. Asking twice for the same name and labels gives the same metric.
 */
public interface Metrics {

    /** A number that only grows. */
    Counter counter(String name, String help, Map<String, String> labels);

    /**
     * A number that is asked for when somebody looks, on any thread; where that fails, it is no number. A second one of the same name and labels takes the place of the first.
     */
    void gauge(String name, String help, Map<String, String> labels, DoubleSupplier value);

    /** The distribution of durations. */
    Timings timings(String name, String help, Map<String, String> labels);

    /** A number that only grows; cheap to add to from many threads. */
    interface Counter {
        /** Adds zero or more. */
        void add(long amount);
    }

    /** Counts durations in buckets; cheap to add to from many threads. */
    interface Timings {
        /** Counts one duration. */
        void record(long nanos);
    }
}
