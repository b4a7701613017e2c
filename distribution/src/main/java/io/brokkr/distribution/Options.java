package io.brokkr.distribution;

import io.brokkr.core.BrokerBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the configuration comes from, and what else is on the command line.
 *
 * @param file null for that of the installation, if there is one
 * @param settings in the form {@code key=value}
 * @param others all that is none of these options, in its order
 */
record Options(@Nullable Path file, List<String> settings, List<String> others) {

    /**
     * Reads what is behind a command.
     *
     * @throws UsageException if an option lacks its value
     */
    static Options parse(List<String> arguments) {
        Path file = null;
        List<String> settings = new ArrayList<>();
        List<String> others = new ArrayList<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            // --config=FILE means what --config FILE means.
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String name = equals < 0 ? argument : argument.substring(0, equals);
            switch (name) {
                case "-c", "--config" -> file = Path.of(value(name, argument, equals, rest));
                case "-s", "--set" -> settings.add(value(name, argument, equals, rest));
                default -> others.add(argument);
            }
        }
        return new Options(file, settings, others);
    }

    private static String value(String name, String argument, int equals, Iterator<String> rest) {
        if (equals >= 0) {
            return argument.substring(equals + 1);
        }
        if (!rest.hasNext()) {
            throw new UsageException(name + " needs a value");
        }
        return rest.next();
    }

    /**
     * For a command that takes nothing else.
     *
     * @throws UsageException if there is anything else
     */
    Options alone() {
        if (!others.isEmpty()) {
            throw new UsageException("unknown option " + others.get(0));
        }
        return this;
    }

    /**
     * The one thing that a command takes.
     *
     * @throws UsageException if there is none, or more
     */
    String only(String what) {
        if (others.isEmpty()) {
            throw new UsageException(what + " is missing");
        }
        if (others.size() > 1) {
            throw new UsageException("unknown option " + others.get(1));
        }
        return others.get(0);
    }

    /** A builder with the installation's defaults, the file, and the single settings, each of which wins over those before. */
    BrokerBuilder builder() {
        BrokerBuilder builder = new BrokerBuilder();
        builder.configuration(Map.of("plugin.folders", home().resolve("plugins").toString()));
        Path installed = home().resolve("conf").resolve("brokkr.properties");
        if (file != null) {
            builder.configurationFile(file);
        } else if (Files.exists(installed)) {
            builder.configurationFile(installed);
        }
        settings.forEach(setting -> builder.setting(setting, "--set"));
        return builder;
    }

    /** As {@link #builder}, with more folders in which plugins are looked for. */
    BrokerBuilder builder(Path... further) {
        BrokerBuilder builder = builder();
        String folders = Stream.concat(builder.pluginFolders().stream(), Arrays.stream(further))
                .map(Path::toString)
                .collect(Collectors.joining(","));
        return builder.setting("plugin.folders=" + folders, "the command line");
    }

    /** As {@link #builder}, with the plugins that bring nothing but commands, which a broker does not load. */
    BrokerBuilder builderWithTools() {
        Path tools = home().resolve("tools");
        return Files.isDirectory(tools) ? builder(tools) : builder();
    }

    /** The installation's folder, which the launcher names. */
    static Path home() {
        return Path.of(System.getProperty("brokkr.home", "."));
    }
}
