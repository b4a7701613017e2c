package io.brokkr.core;

import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginHost;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens what the storage plugins provide. What the configuration names must work; of the rest, what fails is left out.
 */
final class StoragePlugins {

    private final PluginHost host;
    private final PluginContext context;
    private final StopSteps stopSteps;

    private record Provided<F>(HostedPlugin plugin, F factory) {}

    StoragePlugins(PluginHost host, PluginContext context, StopSteps stopSteps) {
        this.host = host;
        this.context = context;
        this.stopSteps = stopSteps;
    }

    /**
     * Opens the store of a name.
     *
     * @throws StartException if no plugin has it, if two have, or if it cannot be opened
     */
    MetadataStore openMetadataStore(String name) {
        Map<String, Provided<MetadataStoreFactory>> stores =
                provided("metadata store", MetadataStoreFactory.class, MetadataStoreFactory::name);
        Provided<MetadataStoreFactory> chosen = stores.get(name);
        if (chosen == null) {
            throw missing("metadata store", name, BrokerSettings.METADATA_STORE.name(), stores.keySet());
        }
        HostedPlugin plugin = chosen.plugin();
        try {
            MetadataStore store = plugin.call(() -> chosen.factory().open(context.of(plugin)));
            stopSteps.add("the metadata store " + name, () -> plugin.run(store::close));
            return store;
        } catch (RuntimeException | LinkageError failure) {
            throw new StartException(
                    "the metadata store " + name + " cannot be opened: " + failure.getMessage(), failure);
        }
    }

    /**
     * Opens all engines.
     *
     * @param required the one that must work
     * @throws StartException if no plugin has that, if two have one of the same name, or if the required one cannot be opened
     */
    Map<String, StorageEngine> openEngines(String required, String requiredBy) {
        Map<String, StorageEngine> engines = new TreeMap<>();
        provided("storage engine", StorageEngineFactory.class, StorageEngineFactory::name)
                .forEach((name, provided) ->
                        openEngine(provided.plugin(), provided.factory(), name.equals(required), engines));
        if (!engines.containsKey(required)) {
            throw missing("storage engine", required, requiredBy, engines.keySet());
        }
        return Map.copyOf(engines);
    }

    private <F> Map<String, Provided<F>> provided(String what, Class<F> type, Function<F, String> nameOf) {
        Map<String, Provided<F>> byName = new TreeMap<>();
        for (HostedPlugin plugin : host.plugins()) {
            for (F factory : plugin.extensions(type)) {
                String name = nameOf.apply(factory);
                Provided<F> first = byName.put(name, new Provided<>(plugin, factory));
                checkOnlyOne(what, name, first == null ? null : first.plugin(), plugin);
            }
        }
        return byName;
    }

    static void checkOnlyOne(String what, String name, @Nullable HostedPlugin first, HostedPlugin second) {
        if (first != null) {
            throw new StartException("the plugins " + first + " and " + second + " both supply the " + what + " " + name
                    + "; remove one of them");
        }
    }

    private void openEngine(
            HostedPlugin plugin, StorageEngineFactory factory, boolean required, Map<String, StorageEngine> engines) {
        String name = factory.name();
        try {
            StorageEngine engine = plugin.call(() -> factory.open(context.of(plugin)));
            stopSteps.add("the storage engine " + name, () -> plugin.run(engine::close));
            engines.put(name, engine);
        } catch (RuntimeException | LinkageError failure) {
            if (required) {
                throw new StartException(
                        "the storage engine " + name + " cannot be opened: " + failure.getMessage(), failure);
            }
            host.leaveOut(plugin, failure);
        }
    }

    private StartException missing(String what, String name, String setting, Set<String> names) {
        String rejections = host.rejections();
        return new StartException(
                "no plugin supplies the " + what + " " + name + ", which " + setting + " names; there "
                        + (names.isEmpty() ? "is none" : "is " + String.join(", ", names))
                        + (rejections.isEmpty() ? "" : "; " + rejections));
    }
}
