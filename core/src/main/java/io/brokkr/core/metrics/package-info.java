/**
 * Counters, gauges and timings, and the page on which Prometheus reads them.
 *
 * <p>These are a few classes of our own because the Prometheus client for Java has no module descriptors: its five jars would be automatic
 * modules in the boot layer, which then no longer says who reads whom. The text format needs little.
 */
@NullMarked
package io.brokkr.core.metrics;

import org.jspecify.annotations.NullMarked;
