package io.brokkr.core;

import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginHost;
import io.brokkr.pluginhost.RejectedPlugin;
import io.brokkr.spi.CommandLineTool;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a broker would make of a plugin.
 *
 * @param name its id, or where it lies if it has none
 * @param version empty if it could not be read
 * @param requirements what it needs, a version range for each: {@code SPI >=0.1.0}, {@code groups >=1.0.0}
 * @param path where it lies; null of an extension that was given as an object
 * @param provides what it is good for, in words; empty if it would be left out
 * @param tools the commands that it brings
 * @param problem why it would be left out; null if it would not
 */
public record InspectedPlugin(
        String name,
        String version,
        List<String> requirements,
        @Nullable Path path,
        List<String> provides,
        List<Tool> tools,
        @Nullable String problem) {

    /** What a {@link CommandLineTool} says of itself. */
    public record Tool(String name, String summary, String usage) {}

    static List<InspectedPlugin> all(PluginHost host) {
        return Stream.concat(
                        host.plugins().stream().map(InspectedPlugin::of),
                        host.rejected().stream().map(InspectedPlugin::of))
                .toList();
    }

    private static InspectedPlugin of(HostedPlugin plugin) {
        List<Tool> tools = plugin.call(() -> plugin.extensions(CommandLineTool.class).stream()
                .map(tool -> new Tool(tool.name(), tool.summary(), tool.usage()))
                .toList());
        return new InspectedPlugin(
                plugin.id(),
                plugin.version(),
                plugin.requirements(),
                plugin.path(),
                plugin.descriptions(),
                tools,
                null);
    }

    private static InspectedPlugin of(RejectedPlugin plugin) {
        String name = plugin.id() == null ? String.valueOf(plugin.path()) : plugin.id();
        return new InspectedPlugin(name, "", List.of(), plugin.path(), List.of(), List.of(), plugin.reason());
    }
}
