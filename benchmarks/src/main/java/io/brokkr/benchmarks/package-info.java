/**
 * Measurements, in two kinds.
 *
 * <ul>
 *   <li>{@link io.brokkr.benchmarks.SideBySide} runs Apache Kafka and Brokkr in turn, in processes of their own, under the load of tools
 *       that others wrote: Kafka's, and librdkafka's rdkafka_performance and kcat. It prints what those tools saw and what the operating
 *       system says that the brokers cost. {@code benchmarks/run} starts it. A new load is a {@link io.brokkr.benchmarks.Workload} in the
 *       list of {@link io.brokkr.benchmarks.Workloads}.
 *   <li>The classes whose names end in {@code Benchmark} are JMH's, each with Kafka's own class as the baseline in the same run. {@code
 *       benchmarks/run jmh} starts them.
 * </ul>
 *
 * <p>Figures of one run on a shared machine have no standing: rounds alternate between the brokers, and medians come with their spread.
 */
@NullMarked
package io.brokkr.benchmarks;

import org.jspecify.annotations.NullMarked;
