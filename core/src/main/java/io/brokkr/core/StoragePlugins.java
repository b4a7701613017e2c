package io.brokkr.core;

import io.brokkr.core.plugin.HostedPlugin;
import io.brokkr.core.plugin.PluginHost;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Opens what the storage plugins provide. What the configuration names must work; of the rest, what fails is left out.
 */
final class StoragePlugins {

    private final PluginHost host;
    private final PluginContext context;
    private final StopSteps stopSteps;

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
        MetadataStoreFactory chosen = null;
        HostedPlugin owner = null;
        Set<String> names = new TreeSet<>();
        for (HostedPlugin plugin : host.plugins()) {
            for (MetadataStoreFactory factory : plugin.extensions().metadataStores()) {
                names.add(factory.name());
                if (factory.name().equals(name)) {
                    checkOnlyOne("metadata store", name, owner, plugin);
                    chosen = factory;
                    owner = plugin;
                }
            }
        }
        if (chosen == null) {
            throw missing("metadata store", name, BrokerSettings.METADATA_STORE.name(), names);
        }
        return open(name, chosen, owner);
    }

    private MetadataStore open(String name, MetadataStoreFactory factory, HostedPlugin plugin) {
        try {
            MetadataStore store = plugin.call(() -> factory.open(context.of(plugin)));
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
        Map<String, HostedPlugin> owners = new LinkedHashMap<>();
        Map<String, StorageEngine> engines = new LinkedHashMap<>();
        for (HostedPlugin plugin : host.plugins()) {
            for (StorageEngineFactory factory : plugin.extensions().engines()) {
                checkOnlyOne("storage engine", factory.name(), owners.put(factory.name(), plugin), plugin);
                openEngine(plugin, factory, factory.name().equals(required), engines);
            }
        }
        if (!engines.containsKey(required)) {
            throw missing("storage engine", required, requiredBy, engines.keySet());
        }
        return Map.copyOf(engines);
    }

    private static void checkOnlyOne(String what, String name, @Nullable HostedPlugin first, HostedPlugin second) {
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
