package io.brokkr.core;

import io.brokkr.core.dispatch.ApiRegistry;
import io.brokkr.core.plugin.HostedPlugin;
import io.brokkr.core.plugin.PluginHost;
import io.brokkr.protocol.Api;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.TopicDeletionListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the handlers of the API plugins, settles who serves what, and registers them. */
final class ApiPlugins {

    private final PluginHost host;
    private final Services services;
    private final StopSteps stopSteps;
    private final List<Made> all = new ArrayList<>();

    /** A plugin with those of its handlers that are to be registered. */
    private record Made(HostedPlugin plugin, List<ApiHandler<?>> handlers) {}

    ApiPlugins(PluginHost host, Services services, StopSteps stopSteps) {
        this.host = host;
        this.services = services;
        this.stopSteps = stopSteps;
    }

    /**
     * Does all of it.
     *
     * @param chosen pairs of an API's name and a plugin's id, as {@code api.providers} has them
     * @throws StartException if several plugins have the same API and none of them is chosen, or if the chosen one is not among them
     */
    void register(List<String> chosen) {
        for (HostedPlugin plugin : host.plugins()) {
            if (!plugin.extensions(ApiHandlerFactory.class).isEmpty()) {
                create(plugin);
            }
        }
        settle(parse(chosen));
        ApiRegistry registry = services.registry();
        for (Made made : all) {
            String id = made.plugin().id();
            registry.register(id, made.handlers());
            stopSteps.add(
                    "the requests of the plugin " + id,
                    () -> registry.unregister(id).toCompletableFuture().join());
        }
    }

    private void create(HostedPlugin plugin) {
        List<ApiHandler<?>> made = new ArrayList<>();
        List<ApiHandlerFactory> factories = plugin.extensions(ApiHandlerFactory.class);
        try {
            for (ApiHandlerFactory factory : factories) {
                made.addAll(plugin.call(() -> factory.create(services.of(plugin))));
                stopSteps.add("the plugin " + plugin.id(), () -> plugin.run(factory::close));
            }
            checkNoApiTwice(made);
            all.add(new Made(plugin, made));
            factories.forEach(factory -> listen(plugin, factory));
        } catch (RuntimeException | LinkageError failure) {
            host.leaveOut(plugin, failure);
        }
    }

    private void listen(HostedPlugin plugin, ApiHandlerFactory factory) {
        if (factory instanceof TopicDeletionListener listener) {
            TopicDeletionListener inPlugin = topic -> plugin.call(() -> listener.topicDeleted(topic));
            Runnable end = services.topics().listen(plugin.id(), inPlugin, services.scheduler());
            stopSteps.add("the deletions that are told to the plugin " + plugin.id(), end);
        }
    }

    private static void checkNoApiTwice(List<ApiHandler<?>> made) {
        long apis = made.stream().map(handler -> handler.api().key()).distinct().count();
        if (apis < made.size()) {
            throw new IllegalStateException("it has two handlers for the same API");
        }
    }

    private void settle(Map<String, String> chosen) {
        Map<Integer, List<HostedPlugin>> providers = new HashMap<>();
        Map<String, Integer> keys = new HashMap<>();
        for (Made made : all) {
            for (ApiHandler<?> handler : made.handlers()) {
                Api<?> api = handler.api();
                keys.put(api.name(), api.key());
                providers
                        .computeIfAbsent(api.key(), absent -> new ArrayList<>(1))
                        .add(made.plugin());
            }
        }
        chosen.forEach(
                (api, id) -> checkChoice(api, id, providers.getOrDefault(keys.getOrDefault(api, -1), List.of())));
        for (Made made : all) {
            made.handlers().removeIf(handler -> {
                List<HostedPlugin> having = providers.get(handler.api().key());
                return having.size() > 1
                        && !chosenAmong(having, handler.api(), chosen)
                                .equals(made.plugin().id());
            });
        }
    }

    private void checkChoice(String api, String id, List<HostedPlugin> having) {
        if (having.stream().noneMatch(plugin -> plugin.id().equals(id))) {
            String rejections = host.rejections();
            throw new StartException(BrokerSettings.API_PROVIDERS + " gives " + api + " to the plugin " + id
                    + ", and there is no such plugin that has it" + (rejections.isEmpty() ? "" : "; " + rejections));
        }
    }

    private static String chosenAmong(List<HostedPlugin> having, Api<?> api, Map<String, String> chosen) {
        String id = chosen.get(api.name());
        if (id == null) {
            throw new StartException("the plugins " + having.get(0) + " and " + having.get(1) + " both serve "
                    + api.name()
                    + "; remove one of them, or choose with " + BrokerSettings.API_PROVIDERS + "=" + api.name() + ":"
                    + having.get(0).id());
        }
        return id;
    }

    private static Map<String, String> parse(List<String> pairs) {
        Map<String, String> chosen = new LinkedHashMap<>();
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
