package io.brokkr.distribution;

import io.brokkr.core.BrokerBuilder;
import io.brokkr.core.InspectedPlugin;
import io.brokkr.core.StartException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The commands that the installed plugins bring. */
final class PluginCommands {

    private final Options options;
    private final List<InspectedPlugin> plugins;

    /**
     * Loads the plugins, and lets go of them.
     *
     * @throws StartException if the configuration does not say where they are
     */
    PluginCommands(Options options) {
        this.options = options;
        this.plugins = options.builderWithTools().inspectPlugins();
    }

    /** A line for each, with the plugin that it comes from; empty if there is none. */
    String list() {
        String lines = plugins.stream()
                .flatMap(plugin -> plugin.tools().stream()
                        .map(tool -> "  %-16s %s (plugin %s)%n".formatted(tool.name(), tool.summary(), plugin.name())))
                .collect(Collectors.joining());
        return lines.isEmpty()
                ? ""
                : System.lineSeparator() + "Commands of plugins, of which brokkr COMMAND --help tells more:"
                        + System.lineSeparator() + lines;
    }

    /** Empty if no plugin brings it. */
    private Optional<InspectedPlugin.Tool> find(String name) {
        return plugins.stream()
                .flatMap(plugin -> plugin.tools().stream())
                .filter(tool -> tool.name().equals(name))
                .findFirst();
    }

    /**
     * Runs one, or tells how it is called.
     *
     * @return what the process ends with
     * @throws UsageException if no plugin brings it
     * @throws StartException if it meets what the operator can mend
     */
    int run(String name) {
        InspectedPlugin.Tool tool = find(name).orElseThrow(() -> new UsageException(unknown(name)));
        if (options.others().contains("-h") || options.others().contains("--help")) {
            System.out.print(tool.usage());
            return 0;
        }
        try (OfflineBroker broker = new OfflineBroker(options)) {
            return options.builderWithTools().runTool(name, options.others(), broker::context);
        }
    }

    private String unknown(String name) {
        List<String> known = new ArrayList<>();
        Arrays.stream(Command.values()).forEach(command -> known.add(String.join(" ", command.words())));
        plugins.forEach(plugin -> plugin.tools().forEach(tool -> known.add(tool.name())));
        return "unknown command " + name
                + BrokerBuilder.nearestName(name, known)
                        .map(nearest -> "; did you mean " + nearest + "?")
                        .orElse("");
    }
}
