package io.brokkr.spi;

import java.util.List;
import java.util.function.Supplier;

/**
 * Shows the broker's metrics to a monitoring system, found with {@link java.util.ServiceLoader}. A broker may have several, or none.
 *
 * <p>At the broker's start it is started before the storage is opened, so that a long recovery can be watched, and at the end it is closed when nearly everything else has ended. A plugin
 * may also come and go while the broker runs. Of two versions the old one is closed before the new one is started, so that a port can pass from the one to the other.
 */
public interface MetricsReporter extends DeclaresSettings {

    /**
     * Begins to report, or does nothing if the configuration does not ask for it. Called once. It returns without waiting for anybody: threads of its own do the work.
     *
     * @param metrics all metrics at the moment of the call. Any thread may call it until {@link #close} returns, and several at once; it asks the gauges of all plugins and else costs some
     *     microseconds for a hundred metrics
     * @throws ApiException if it cannot do what the configuration asks for: the broker does not start, and says the message. After any other exception the plugin is left out.
     *     While the broker runs, either is told in the log, and the plugin stays without reporting
     */
    void start(Supplier<List<MetricFamily>> metrics, BrokerConfiguration configuration);

    /** Ends what {@link #start} began: threads, ports, connections. Called once, if that returned. */
    void close();
}
