/** Shows the broker's metrics to Prometheus, over HTTP. */
module io.brokkr.plugin.prometheus {
    requires io.brokkr.spi;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires jdk.httpserver;
    requires org.slf4j;
    requires static org.jspecify;

    provides io.brokkr.spi.MetricsReporter with
            io.brokkr.plugin.prometheus.PrometheusReporter;
}
