package io.brokkr.plugin.prometheus;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.MetricFamily;
import io.brokkr.spi.MetricsReporter;
import io.brokkr.spi.Setting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The entry of the plugin. It touches neither Prometheus' library nor the HTTP server unless there is a port to serve. */
public final class PrometheusReporter implements MetricsReporter {

    static final Setting<Integer> PORT = Setting.integer(
            "metrics.port",
            -1,
            -1,
            65_535,
            "The port on which Prometheus reads the metrics, at /metrics over HTTP. -1 for none, 0 for any that is free.");

    static final Setting<String> HOST = Setting.text(
            "metrics.host", "", "The address on which the metrics are served. Empty for all addresses of the machine.");

    private @Nullable MetricsPage page;

    /** Called by {@link java.util.ServiceLoader}. */
    public PrometheusReporter() {}

    @Override
    public List<Setting<?>> settings() {
        return List.of(PORT, HOST);
    }

    @Override
    public void start(Supplier<List<MetricFamily>> metrics, BrokerConfiguration configuration) {
        int port = configuration.get(PORT);
        if (port < 0) {
            return;
        }
        String host = configuration.get(HOST);
        try {
            page = MetricsPage.open(
                    host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port), metrics);
        } catch (IOException failure) {
            throw new ApiException(
                    ErrorCode.INVALID_CONFIG,
                    "the metrics cannot be served on " + (host.isEmpty() ? "port " : host + ":") + port + ": "
                            + failure.getMessage() + "; give another metrics.port"
                            + (host.isEmpty() ? "" : " or metrics.host"),
                    failure);
        }
    }

    /** Where the page is, null if it is not served. */
    @Nullable
    InetSocketAddress address() {
        return page == null ? null : page.address();
    }

    @Override
    public void close() {
        if (page != null) {
            page.close();
            page = null;
        }
    }
}
