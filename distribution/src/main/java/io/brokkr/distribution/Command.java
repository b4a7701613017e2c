package io.brokkr.distribution;

import io.brokkr.core.Broker;
import io.brokkr.core.BrokerBuilder;
import io.brokkr.core.InspectedPlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What can be asked for on the command line; {@code train} is what {@code bin/brokkr prepare} runs. */
enum Command {
    START("start") {
        @Override
        int run(Options options, String usage) throws InterruptedException {
            CompletableFuture<Broker> started = new CompletableFuture<>();
            // Before the start, so that a broker that is told to end while it starts ends well, too.
            Thread stop = new Thread(
                    () -> started.thenAccept(Broker::close)
                            .exceptionally(failed -> null)
                            .join(),
                    "brokkr-shutdown");
            Runtime.getRuntime().addShutdownHook(stop);
            try {
                Broker broker =
                        options.alone().builder().elapsed(ProcessAge.now()).start();
                started.complete(broker);
                broker.awaitEnd();
                return 0;
            } finally {
                started.cancel(false);
            }
        }
    },

    PLUGINS_LIST("plugins list") {
        @Override
        int run(Options options, String usage) {
            inspect(options.alone()).forEach(Command::print);
            new PluginInstallation(options).disabled().forEach((id, path) -> print(id, "", "DISABLED", path));
            return 0;
        }
    },

    PLUGINS_INSTALL("plugins install") {
        @Override
        int run(Options options, String usage) {
            silenceLog();
            Path file = Path.of(options.only("the FILE of a plugin"));
            System.out.println(new PluginInstallation(options).install(file));
            return 0;
        }
    },

    PLUGINS_REMOVE("plugins remove") {
        @Override
        int run(Options options, String usage) {
            silenceLog();
            System.out.println(new PluginInstallation(options).remove(options.only(PLUGIN_ID)));
            return 0;
        }
    },

    PLUGINS_DISABLE("plugins disable") {
        @Override
        int run(Options options, String usage) {
            silenceLog();
            System.out.println(new PluginInstallation(options).disable(options.only(PLUGIN_ID)));
            return 0;
        }
    },

    PLUGINS_ENABLE("plugins enable") {
        @Override
        int run(Options options, String usage) {
            silenceLog();
            System.out.println(new PluginInstallation(options).enable(options.only(PLUGIN_ID)));
            return 0;
        }
    },

    PLUGINS_VERIFY("plugins verify") {
        @Override
        int run(Options options, String usage) {
            List<InspectedPlugin> plugins = inspect(options.alone());
            plugins.forEach(Command::print);
            long faulty =
                    plugins.stream().filter(plugin -> plugin.problem() != null).count();
            if (faulty > 0) {
                System.out.println(faulty + " of " + plugins.size() + " plugins do not work");
                return 1;
            }
            System.out.println("all " + plugins.size() + " plugins work");
            return 0;
        }
    },

    SETTINGS("settings") {
        @Override
        int run(Options options, String usage) {
            silenceLog();
            System.out.print(SettingsPage.of(options.alone().builder().describeSettings()));
            return 0;
        }
    },

    TRAIN("train") {
        @Override
        int run(Options options, String usage) {
            silenceLog();
            try (TemporaryFolder folder = new TemporaryFolder();
                    Broker broker = options.alone()
                            .builder()
                            .setting("listeners=PLAINTEXT://localhost:0", "train")
                            .setting("log.dirs=" + folder.path(), "train")
                            .start()) {
                TrainingRun.of(broker);
                return 0;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    },

    VERSION("version") {
        @Override
        int run(Options options, String usage) {
            options.alone();
            System.out.println("Brokkr " + Broker.version());
            System.out.println("SPI " + BrokerBuilder.SPI_VERSION);
            System.out.println("Java " + Runtime.version() + " " + System.getProperty("java.vendor"));
            return 0;
        }
    },

    HELP("help") {
        @Override
        int run(Options options, String usage) {
            options.alone();
            System.out.print(usage);
            silenceLog();
            System.out.print(new PluginCommands(options).list());
            return 0;
        }
    };

    private static final String PLUGIN_ID = "the ID of a plugin";

    private final String words;

    Command(String words) {
        this.words = words;
    }

    /** With what the command line begins. */
    List<String> words() {
        return List.of(words.split(" ", -1));
    }

    /** Does it, and says what the process ends with. */
    abstract int run(Options options, String usage) throws InterruptedException;

    private static List<InspectedPlugin> inspect(Options options) {
        silenceLog();
        return options.builder().inspectPlugins();
    }

    /** What the command prints says all that the log would. */
    static void silenceLog() {
        System.setProperty("tinylog.level", "off");
    }

    private static void print(InspectedPlugin plugin) {
        String problem = plugin.problem();
        String state = problem == null ? "STARTED: " + String.join(", ", plugin.provides()) : "LEFT OUT: " + problem;
        print(plugin.name(), plugin.version(), state, plugin.path());
        if (!plugin.requirements().isEmpty()) {
            System.out.printf("%-20s requires %s%n", "", String.join(", ", plugin.requirements()));
        }
    }

    private static void print(String name, String version, String state, @Nullable Path path) {
        System.out.printf("%-20s %-16s %s%n", name, version, state);
        if (path != null) {
            System.out.printf("%-20s %s%n", "", path);
        }
    }
}
