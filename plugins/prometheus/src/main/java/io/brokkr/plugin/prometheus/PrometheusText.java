package io.brokkr.plugin.prometheus;

import io.brokkr.spi.MetricFamily;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Metrics in Prometheus' text format 0.0.4, in the order of their names and labels.
 *
 * <p>Not in OpenMetrics, which takes the ending {@code _total} for no part of a counter's name: there {@code brokkr_connections}, a gauge, and {@code brokkr_connections_total}, a
 * counter, would be one.
 */
final class PrometheusText {

    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();

    private PrometheusText() {}

    static void write(List<MetricFamily> families, OutputStream text) throws IOException {
        List<MetricSnapshot> snapshots =
                families.stream().map(PrometheusText::snapshot).toList();
        WRITER.write(text, new MetricSnapshots(snapshots));
    }

    private static MetricSnapshot snapshot(MetricFamily family) {
        // A snapshot's builder would take the ending from a counter's name, and then two families could have the same.
        MetricMetadata metadata = new MetricMetadata(family.name(), family.help());
        List<MetricFamily.Sample> samples = family.samples();
        return switch (family.kind()) {
            case COUNTER ->
                new CounterSnapshot(
                        metadata, samples.stream().map(PrometheusText::counter).toList());
            case GAUGE ->
                new GaugeSnapshot(
                        metadata, samples.stream().map(PrometheusText::gauge).toList());
            case TIMINGS ->
                new HistogramSnapshot(
                        metadata,
                        samples.stream().map(PrometheusText::histogram).toList());
        };
    }

    private static CounterDataPointSnapshot counter(MetricFamily.Sample sample) {
        return CounterDataPointSnapshot.builder()
                .labels(labels(sample))
                .value(sample.value())
                .build();
    }

    private static GaugeDataPointSnapshot gauge(MetricFamily.Sample sample) {
        return GaugeDataPointSnapshot.builder()
                .labels(labels(sample))
                .value(sample.value())
                .build();
    }

    private static HistogramDataPointSnapshot histogram(MetricFamily.Sample sample) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        sample.buckets().forEach(bucket -> buckets.bucket(bucket.upToSeconds(), bucket.count()));
        return HistogramDataPointSnapshot.builder()
                .labels(labels(sample))
                .classicHistogramBuckets(buckets.build())
                .sum(sample.value())
                .build();
    }

    private static Labels labels(MetricFamily.Sample sample) {
        Labels.Builder labels = Labels.builder();
        for (Map.Entry<String, String> label : sample.labels().entrySet()) {
            labels.label(label.getKey(), label.getValue());
        }
        return labels.build();
    }
}
