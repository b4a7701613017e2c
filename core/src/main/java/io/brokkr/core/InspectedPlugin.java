package io.brokkr.core;

import io.brokkr.core.plugin.HostedPlugin;
import io.brokkr.core.plugin.PluginHost;
import io.brokkr.core.plugin.RejectedPlugin;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a broker would make of a plugin.
 *
 * @param name its id, or where it lies if it has none
 * @param version empty if it could not be read
 * @param path where it lies; null of an extension that was given as an object
 * @param provides what it is good for, in words; empty if it would be left out
 * @param problem why it would be left out; null if it would not
 */
public record InspectedPlugin(
        String name, String version, @Nullable Path path, List<String> provides, @Nullable String problem) {

    static List<InspectedPlugin> all(PluginHost host) {
        List<InspectedPlugin> all = new ArrayList<>();
        host.plugins().forEach(plugin -> all.add(of(plugin)));
        host.rejected().forEach(plugin -> all.add(of(plugin)));
        return all;
    }

    private static InspectedPlugin of(HostedPlugin plugin) {
        List<String> provides = new ArrayList<>();
        if (!plugin.extensions().apis().isEmpty()) {
            provides.add("API handlers");
        }
        for (StorageEngineFactory engine : plugin.extensions().engines()) {
            provides.add("storage engine " + engine.name());
        }
        for (MetadataStoreFactory store : plugin.extensions().metadataStores()) {
            provides.add("metadata store " + store.name());
        }
        for (CompressionCodec codec : plugin.extensions().codecs()) {
            provides.add("compression " + CompressionPlugins.name(codec.compression()));
        }
        return new InspectedPlugin(plugin.id(), plugin.version(), plugin.path(), provides, null);
    }

    private static InspectedPlugin of(RejectedPlugin plugin) {
        String name = plugin.id() == null ? String.valueOf(plugin.path()) : plugin.id();
        return new InspectedPlugin(name, "", plugin.path(), List.of(), plugin.reason());
    }
}
