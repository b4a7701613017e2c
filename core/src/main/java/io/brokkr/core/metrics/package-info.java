/**
 * Counters, gauges and timings. Plugins that are {@link io.brokkr.spi.MetricsReporter}s show them.
 *
 * <p>These are a few classes of our own: threads that count must not wait for each other, and the broker needs no more than counters, gauges and one histogram.
 */
@NullMarked
package io.brokkr.core.metrics;

import org.jspecify.annotations.NullMarked;
