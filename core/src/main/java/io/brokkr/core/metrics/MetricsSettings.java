package io.brokkr.core.metrics;

import io.brokkr.spi.Setting;
import java.util.List;

/** What the operator can set about metrics. */
public final class MetricsSettings {

    /** The port of the page. */
    public static final Setting<Integer> PORT = Setting.integer(
            "metrics.port",
            -1,
            -1,
            65_535,
            "The port on which Prometheus reads the metrics, at /metrics over HTTP. -1 for none, 0 for any that is free.");

    /** The address of the page. */
    public static final Setting<String> HOST = Setting.text(
            "metrics.host", "", "The address on which the metrics are served. Empty for all addresses of the machine.");

    private MetricsSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(PORT, HOST);
    }
}
