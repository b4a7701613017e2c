/**
 * Answers {@code GET /metrics} on a port of its own ({@code metrics.port}; none by default) in Prometheus' text format, which every version of Prometheus reads, and what else gathers metrics.
 *
 * <p>{@link io.brokkr.plugin.prometheus.PrometheusReporter} is all that a broker loads which is not asked for the page; {@link io.brokkr.plugin.prometheus.MetricsPage} serves it, and
 * {@link io.brokkr.plugin.prometheus.PrometheusText} writes it with Prometheus' own library.
 */
@NullMarked
package io.brokkr.plugin.prometheus;

import org.jspecify.annotations.NullMarked;
