package io.brokkr.core;

import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginHost;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** Collects the codecs that the plugins provide. */
final class CompressionPlugins {

    private CompressionPlugins() {}

    /**
     * The codec of each format for which there is one. A plugin that cannot say what its codecs are for is left out.
     *
     * @throws StartException if two plugins have the same format
     */
    static Map<Compression, CompressionCodec> codecs(PluginHost host) {
        Map<Compression, CompressionCodec> codecs = new EnumMap<>(Compression.class);
        Map<Compression, HostedPlugin> owners = new EnumMap<>(Compression.class);
        for (HostedPlugin plugin : host.plugins()) {
            Map<Compression, CompressionCodec> provided;
            try {
                provided = plugin.call(() -> provided(plugin));
            } catch (RuntimeException | LinkageError failure) {
                host.leaveOut(plugin, failure);
                continue;
            }
            provided.forEach((format, codec) -> {
                StoragePlugins.checkOnlyOne("compression", format.text(), owners.put(format, plugin), plugin);
                codecs.put(format, codec);
            });
        }
        return Collections.unmodifiableMap(codecs);
    }

    private static Map<Compression, CompressionCodec> provided(HostedPlugin plugin) {
        Map<Compression, CompressionCodec> provided = new EnumMap<>(Compression.class);
        for (CompressionCodec codec : plugin.extensions(CompressionCodec.class)) {
            Compression format = codec.compression();
            if (format == Compression.NONE) {
                throw new IllegalStateException("it has a codec for records that are not compressed");
            }
            if (provided.put(format, codec) != null) {
                throw new IllegalStateException("it has two codecs for " + format.text());
            }
        }
        return provided;
    }
}
