package io.brokkr.storage.s3;

import io.brokkr.spi.Metrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/** Metrics that a test reads: requests by operation, bytes by direction. */
final class CountedRequests implements Metrics {

    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();

    private AtomicLong of(String label) {
        return counts.computeIfAbsent(label, first -> new AtomicLong());
    }

    private static String only(Map<String, String> labels) {
        return labels.values().iterator().next();
    }

    /** How many requests, such as {@code put}, or how many bytes, {@code in} or {@code out}, so far. */
    long count(String label) {
        return of(label).get();
    }

    @Override
    public Counter counter(String name, String help, Map<String, String> labels) {
        return of(only(labels))::addAndGet;
    }

    @Override
    public void gauge(String name, String help, Map<String, String> labels, DoubleSupplier value) {}

    @Override
    public Timings timings(String name, String help, Map<String, String> labels) {
        return nanos -> of(only(labels)).incrementAndGet();
    }
}
