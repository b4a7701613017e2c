package io.brokkr.core;

import io.brokkr.core.dispatch.PluginHook;
import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.pluginhost.BoundedLog;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginInterceptors;
import io.brokkr.pluginhost.StopSteps;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerEventListener;
import io.brokkr.spi.RequestHook;
import io.brokkr.spi.RequestHookFactory;
import io.brokkr.spi.TopicDeletionListener;
import io.brokkr.spi.record.RecordInterceptorFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A plugin at work: its handlers and hooks, and what has to be ended with it. Used by one thread at a time. */
final class LivePlugin {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    private final HostedPlugin plugin;
    private final StopSteps stopSteps = new StopSteps();
    private final List<ApiHandler<?>> handlers = new ArrayList<>();
    private final List<PluginHook> hooks = new ArrayList<>();
    private final List<PluginInterceptors> interceptors = new ArrayList<>();
    private CompletionStage<Void> drained = CompletableFuture.completedStage(null);

    private LivePlugin(HostedPlugin plugin) {
        this.plugin = plugin;
    }

    /**
     * Has its factories make their handlers and hooks, which nobody is served by yet.
     *
     * @param limit for the end of what was made, if it fails
     * @throws RuntimeException or {@link Error} of the plugin's
     */
    static LivePlugin create(HostedPlugin plugin, Services services, MetricsRegistry metrics, Duration limit) {
        LivePlugin made = new LivePlugin(plugin);
        try {
            made.createExtensions(services, metrics);
            return made;
        } catch (Throwable failure) {
            // Errors too, since what it began before has tasks and gauges.
            made.end(limit);
            throw failure;
        }
    }

    private void createExtensions(Services services, MetricsRegistry metrics) {
        Services own = services.of(plugin, metrics, stopSteps);
        for (ApiHandlerFactory factory : plugin.extensions(ApiHandlerFactory.class)) {
            handlers.addAll(plugin.call(() -> factory.create(own)));
            stopSteps.add("the plugin " + plugin.id(), () -> plugin.run(factory::close));
        }
        for (RequestHookFactory factory : plugin.extensions(RequestHookFactory.class)) {
            RequestHook hook = plugin.call(() -> factory.create(own));
            hooks.add(new PluginHook(plugin.id(), factory.order(), hook));
            stopSteps.add("the request hook of the plugin " + plugin.id(), () -> plugin.run(factory::close));
        }
        for (BrokerEventListener listener : plugin.extensions(BrokerEventListener.class)) {
            plugin.run(() -> listener.begin(own));
            stopSteps.add("the event listener of the plugin " + plugin.id(), () -> plugin.run(listener::close));
        }
        for (RecordInterceptorFactory factory : plugin.extensions(RecordInterceptorFactory.class)) {
            PluginInterceptors made =
                    PluginInterceptors.create(plugin, factory, own, new BoundedLog(LOG, services.clock())::error);
            stopSteps.add("the plugin " + plugin.id(), () -> plugin.run(factory::close));
            stopSteps.add("the record interceptor " + made.name(), made.gate()::close);
            interceptors.add(made);
        }
        long apis =
                handlers.stream().map(handler -> handler.api().key()).distinct().count();
        if (apis < handlers.size()) {
            throw new IllegalStateException("it has two handlers for the same API");
        }
    }

    HostedPlugin plugin() {
        return plugin;
    }

    String id() {
        return plugin.id();
    }

    List<ApiHandler<?>> handlers() {
        return handlers;
    }

    List<PluginHook> hooks() {
        return hooks;
    }

    List<PluginInterceptors> interceptors() {
        return interceptors;
    }

    /** Tells it of topics that are deleted, and of events, from now on. */
    void listen(Services services) {
        for (BrokerEventListener listener : plugin.extensions(BrokerEventListener.class)) {
            stopSteps.add(
                    "the events that are told to the plugin " + plugin.id(),
                    services.events().listen(plugin, listener));
        }
        for (ApiHandlerFactory factory : plugin.extensions(ApiHandlerFactory.class)) {
            if (factory instanceof TopicDeletionListener listener) {
                TopicDeletionListener inPlugin = topic -> plugin.call(() -> listener.topicDeleted(topic));
                Runnable end = services.topics().listen(plugin.id(), inPlugin, services.scheduler());
                stopSteps.add("the deletions that are told to the plugin " + plugin.id(), end);
            }
        }
    }

    /** Says that no further requests come, and when those that are under way have ended. */
    void withdrawn(CompletionStage<Void> requestsEnded) {
        drained = requestsEnded;
    }

    /** Waits for its requests, and ends all that is its own, each for not longer than the limit. */
    void end(Duration limit) {
        try {
            drained.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException hanging) {
            LOG.warn(
                    "requests of the plugin {} did not end within {} ms and are left behind",
                    plugin.id(),
                    limit.toMillis());
        } catch (InterruptedException brokerEnds) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        stopSteps.run(limit);
    }
}
