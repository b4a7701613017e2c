package io.brokkr.core;

import io.brokkr.core.dispatch.PluginHook;
import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.Interceptors;
import io.brokkr.pluginhost.PluginHost;
import io.brokkr.pluginhost.PluginInterceptors;
import io.brokkr.pluginhost.PluginThread;
import io.brokkr.pluginhost.RejectionException;
import io.brokkr.protocol.Api;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.TopicSetting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugins at work: has them make their handlers and hooks, and settles who serves what. Used by one thread at a time. */
final class ApiPlugins {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    private final Services services;
    private final MetricsRegistry metrics;
    private final Duration limit;
    private final Map<String, String> chosen;
    private final List<LivePlugin> live = new ArrayList<>();

    /**
     * None yet.
     *
     * @throws StartException if {@code api.providers} makes no sense
     */
    ApiPlugins(Services services, MetricsRegistry metrics) {
        this.services = services;
        this.metrics = metrics;
        this.limit = services.configuration().get(BrokerSettings.SHUTDOWN_LIMIT);
        this.chosen = parse(services.configuration().get(BrokerSettings.API_PROVIDERS));
    }

    /**
     * Lets all plugins begin that the broker has at its start.
     *
     * @throws StartException if several plugins have the same API and none of them is chosen, or if the chosen one is not among them
     */
    void register(PluginHost host) {
        for (HostedPlugin plugin : host.plugins()) {
            try {
                live.add(create(plugin, PluginThread.AT_START));
            } catch (RuntimeException | LinkageError failure) {
                host.leaveOut(plugin, failure);
            }
        }
        Map<String, List<LivePlugin>> providers = providers(live);
        chosen.forEach((api, id) -> checkChoice(api, id, providers.getOrDefault(api, List.of()), host));
        providers.forEach(this::checkOnlyOne);
        Set<String> interceptors = checkInterceptors(live);
        for (TopicSetting<List<String>> way : Interceptors.SETTINGS) {
            if (!interceptors.containsAll(services.configuration().get(way))) {
                throw new StartException(
                        "log." + way + " names one that is not loaded; those that are: " + interceptors);
            }
        }
        live.forEach(plugin -> plugin.listen(services));
        serve();
    }

    /**
     * Has a plugin make its handlers, which serve nobody yet.
     *
     * @param ready others that will come together with it
     * @param leaving the ids of those that will go
     * @throws RejectionException if it fails, or has an API that another one serves
     */
    LivePlugin createBeside(HostedPlugin plugin, List<LivePlugin> ready, Collection<String> leaving) {
        LivePlugin made = create(plugin, PluginThread.WHILE_RUNNING);
        List<LivePlugin> together = new ArrayList<>(live);
        together.removeIf(other -> leaving.contains(other.id()));
        together.addAll(ready);
        together.add(made);
        try {
            providers(together).forEach(this::checkOnlyOne);
            checkInterceptors(together);
        } catch (StartException conflict) {
            made.end(limit);
            throw new RejectionException(String.valueOf(conflict.getMessage()));
        }
        return made;
    }

    private LivePlugin create(HostedPlugin plugin, PluginThread thread) {
        return thread.call(
                plugin.id(), () -> LivePlugin.create(plugin, services, metrics, limit), late -> late.end(limit));
    }

    /** From one moment to the next serves those that come, and no longer those that go, which it returns. */
    List<LivePlugin> exchange(List<LivePlugin> come, List<HostedPlugin> gone) {
        List<LivePlugin> going =
                live.stream().filter(plugin -> gone.contains(plugin.plugin())).toList();
        come.forEach(plugin -> plugin.listen(services));
        live.removeAll(going);
        live.addAll(come);
        Map<String, CompletionStage<Void>> drained = serve();
        going.forEach(plugin -> plugin.withdrawn(drained.get(plugin.id())));
        return going;
    }

    /** Waits for the requests of one that has gone, and ends it, within limits. */
    void end(LivePlugin gone) {
        gone.end(limit);
    }

    /** Ends all of them, the last first. */
    void close(Duration limitOfEach) {
        Map<String, CompletionStage<Void>> drained = services.registry().serve(Map.of());
        for (int i = live.size() - 1; i >= 0; i--) {
            LivePlugin plugin = live.get(i);
            if (drained.containsKey(plugin.id())) {
                plugin.withdrawn(drained.get(plugin.id()));
            }
            plugin.end(limitOfEach);
        }
    }

    /** Of two plugins that have the same API the chosen one serves it. */
    private Map<String, CompletionStage<Void>> serve() {
        services.partitions()
                .intercept(live.stream()
                        .flatMap(plugin -> plugin.interceptors().stream())
                        .toList());
        Map<String, List<LivePlugin>> providers = providers(live);
        Map<String, List<ApiHandler<?>>> handlers = new LinkedHashMap<>();
        for (LivePlugin plugin : live) {
            handlers.put(
                    plugin.id(),
                    plugin.handlers().stream()
                            .filter(handler -> server(handler.api(), providers) == plugin)
                            .toList());
        }
        List<PluginHook> hooks =
                live.stream().flatMap(plugin -> plugin.hooks().stream()).toList();
        Map<String, CompletionStage<Void>> drained = services.registry().serve(handlers, hooks);
        LOG.info(
                "APIs {}",
                services.registry().apis().stream()
                        .map(api -> api.name() + " " + api.lowestVersion() + "-" + api.highestVersion())
                        .collect(Collectors.joining(", ")));
        return drained;
    }

    private LivePlugin server(Api<?> api, Map<String, List<LivePlugin>> providers) {
        List<LivePlugin> having = providers.get(api.name());
        return having.stream()
                .filter(plugin -> plugin.id().equals(chosen.get(api.name())))
                .findFirst()
                .orElse(having.get(0));
    }

    private static Map<String, List<LivePlugin>> providers(List<LivePlugin> plugins) {
        Map<String, List<LivePlugin>> providers = new TreeMap<>();
        for (LivePlugin plugin : plugins) {
            for (ApiHandler<?> handler : plugin.handlers()) {
                providers
                        .computeIfAbsent(handler.api().name(), absent -> new ArrayList<>(1))
                        .add(plugin);
            }
        }
        return providers;
    }

    private static void checkChoice(String api, String id, List<LivePlugin> having, PluginHost host) {
        if (having.stream().noneMatch(plugin -> plugin.id().equals(id))) {
            String rejections = host.rejections();
            throw new StartException(BrokerSettings.API_PROVIDERS + " gives " + api + " to the plugin " + id
                    + ", and there is no such plugin that has it" + (rejections.isEmpty() ? "" : "; " + rejections));
        }
    }

    private void checkOnlyOne(String api, List<LivePlugin> having) {
        if (having.size() > 1 && having.stream().noneMatch(plugin -> plugin.id().equals(chosen.get(api)))) {
            throw new StartException("the plugins " + having.get(0).plugin() + " and "
                    + having.get(1).plugin() + " both serve " + api
                    + "; remove one of them, or choose with " + BrokerSettings.API_PROVIDERS + "=" + api + ":"
                    + having.get(0).id());
        }
    }

    private static Set<String> checkInterceptors(List<LivePlugin> plugins) {
        Map<String, HostedPlugin> owners = new HashMap<>();
        for (LivePlugin plugin : plugins) {
            for (PluginInterceptors interceptors : plugin.interceptors()) {
                HostedPlugin other = owners.put(interceptors.name(), plugin.plugin());
                StoragePlugins.checkOnlyOne("record interceptor", interceptors.name(), other, plugin.plugin());
            }
        }
        return owners.keySet();
    }

    private static Map<String, String> parse(List<String> pairs) {
        Map<String, String> chosen = new HashMap<>();
        for (String pair : pairs) {
            int colon = pair.indexOf(':');
            if (colon < 1) {
                throw new StartException(
                        BrokerSettings.API_PROVIDERS + "=" + pair + ": must be like Produce:plugin-id");
            }
            chosen.put(
                    pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
        }
        return chosen;
    }
}
