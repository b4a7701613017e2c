package io.brokkr.core;

import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginHost;
import io.brokkr.pluginhost.StopSteps;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.NoSuchEngineException;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Opens what the storage plugins provide. What the configuration names must work; of the rest, what fails is left out.
 */
final class StoragePlugins {

    private final PluginHost host;
    private final PluginContext context;
    private final StopSteps stopSteps;
    private Map<String, Provided<StorageEngineFactory>> engines = Map.of();

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
            PluginContext own = contextOf(plugin, context.dataFolders(), List.of());
            MetadataStore store = plugin.call(() -> chosen.factory().open(own));
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
        engines = provided("storage engine", StorageEngineFactory.class, StorageEngineFactory::name);
        Map<String, StorageEngine> opened = new TreeMap<>();
        engines.forEach((name, provided) -> openEngine(name, provided, name.equals(required), opened));
        if (!opened.containsKey(required)) {
            throw missing("storage engine", required, requiredBy, opened.keySet());
        }
        return Collections.unmodifiableMap(opened);
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
            String name, Provided<StorageEngineFactory> provided, boolean required, Map<String, StorageEngine> opened) {
        HostedPlugin plugin = provided.plugin();
        try {
            StorageEngine engine = open(provided, context.dataFolders(), List.of(name));
            stopSteps.add("the storage engine " + name, () -> plugin.run(engine::close));
            opened.put(name, engine);
        } catch (RuntimeException | LinkageError failure) {
            if (required) {
                throw new StartException(
                        "the storage engine " + name + " cannot be opened: " + failure.getMessage(), failure);
            }
            host.leaveOut(plugin, failure);
        }
    }

    /**
     * Opens an engine in some folders.
     *
     * @param chain the names of the engines that are built on one another, the outermost first and this one last
     */
    private StorageEngine open(Provided<StorageEngineFactory> provided, List<Path> folders, List<String> chain) {
        HostedPlugin plugin = provided.plugin();
        return plugin.call(() -> provided.factory().open(contextOf(plugin, folders, chain)));
    }

    private PluginContext contextOf(HostedPlugin plugin, List<Path> folders, List<String> chain) {
        return context.of(plugin, folders, (name, space) -> openWithin(name, space, folders, chain));
    }

    private StorageEngine openWithin(String name, String space, List<Path> outer, List<String> chain) {
        Provided<StorageEngineFactory> provided = engines.get(name);
        if (provided == null || chain.contains(name)) {
            throw new NoSuchEngineException(
                    "the storage engine " + name + " cannot be opened for " + String.join(", for ", chain)
                            + (provided == null ? ": no plugin supplies it" : ": none can be built on itself")
                            + "; there is " + String.join(", ", engines.keySet()));
        }
        List<Path> folders = outer.stream().map(folder -> folder.resolve(space)).toList();
        List<String> longer = Stream.concat(chain.stream(), Stream.of(name)).toList();
        context.requireUsable(folders.get(0));
        return open(provided, folders, longer);
    }

    private StartException missing(String what, String name, String setting, Set<String> names) {
        String rejections = host.rejections();
        return new StartException(
                "no plugin supplies the " + what + " " + name + ", which " + setting + " names; there "
                        + (names.isEmpty() ? "is none" : "is " + String.join(", ", names))
                        + (rejections.isEmpty() ? "" : "; " + rejections));
    }
}
