package io.brokkr.pluginhost;

import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.MetricFamily;
import io.brokkr.spi.MetricsReporter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metrics reporters at work. Used by one thread at a time. */
public final class MetricsReporters {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsReporters.class);

    private final Supplier<List<MetricFamily>> metrics;
    private final BrokerConfiguration configuration;
    private final Duration limit;
    private final Map<HostedPlugin, StopSteps> working = new LinkedHashMap<>();

    /**
     * None yet.
     *
     * @param metrics takes a snapshot of all there are
     * @param limit for the end of each
     */
    public MetricsReporters(Supplier<List<MetricFamily>> metrics, BrokerConfiguration configuration, Duration limit) {
        this.metrics = metrics;
        this.configuration = configuration;
        this.limit = limit;
    }

    /**
     * Lets all of them begin that the broker has at its start.
     *
     * @throws ApiException if one of them cannot do what the configuration asks for
     */
    public void start(PluginHost host) {
        for (HostedPlugin plugin : host.plugins()) {
            try {
                working.put(plugin, begin(plugin));
            } catch (ApiException mendable) {
                throw mendable;
            } catch (RuntimeException | LinkageError failure) {
                host.leaveOut(plugin, failure);
            }
        }
    }

    /** Ends those that go, and then lets those begin that come: what one of them listens on passes to its next version. */
    public void exchange(List<HostedPlugin> come, List<HostedPlugin> gone) {
        for (HostedPlugin plugin : gone) {
            StopSteps ends = working.remove(plugin);
            if (ends != null) {
                ends.run(limit);
            }
        }
        come.stream()
                .filter(plugin -> !plugin.extensions(MetricsReporter.class).isEmpty())
                .forEach(this::beginBounded);
    }

    /** Ends all of them. */
    public void close(Duration limitOfEach) {
        working.values().forEach(ends -> ends.run(limitOfEach));
        working.clear();
    }

    private void beginBounded(HostedPlugin plugin) {
        try {
            working.put(
                    plugin, PluginThread.WHILE_RUNNING.call(plugin.id(), () -> begin(plugin), late -> late.run(limit)));
        } catch (RejectionException failure) {
            LOG.error("the plugin {} reports no metrics until it comes anew: {}", plugin, failure.getMessage());
        }
    }

    /** Lets those of one plugin begin, and returns how they end. */
    private StopSteps begin(HostedPlugin plugin) {
        StopSteps ends = new StopSteps();
        try {
            for (MetricsReporter reporter : plugin.extensions(MetricsReporter.class)) {
                plugin.run(() -> reporter.start(metrics, configuration));
                ends.add("the metrics reporter of the plugin " + plugin.id(), () -> plugin.run(reporter::close));
            }
            return ends;
        } catch (RuntimeException | LinkageError failure) {
            ends.run(limit);
            throw failure;
        }
    }
}
