package io.brokkr.distribution;

import io.brokkr.core.StartException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the command line: a command of one or two words, or one that a plugin brings, then its options.
 *
 * <p>By hand, because this is on the way of every start. The usual library for it, picocli, is compiled for Java 5, and such classes cannot be
 * kept in an archive for class data sharing: its 161 classes cost a quarter of the start.
 */
public final class Main {

    private static final String USAGE =
            """
            Usage: brokkr COMMAND [OPTIONS]

            Commands:
              start            start a broker, which runs until it is stopped
              plugins list     tell which plugins there are, what they need and what they provide
              plugins verify   load each plugin as a broker would; ends with 1 if one would be left out
              plugins install FILE            check a plugin's jar, and put it into the plugin folder
              plugins remove|disable|enable ID   take a plugin away, or out of use, or into use again;
                               a running broker follows within a second
              settings         print all settings with their defaults, as a configuration file
              prepare          make later starts faster, by keeping what this Java loads at a start in lib/brokkr.jsa
              version          tell the versions of Brokkr, of its SPI, and of Java
              help             tell this, and the commands that plugins bring

            Options of start, plugins, settings and of the commands of plugins:
              -c, --config FILE     read the configuration from a file, instead of from conf/brokkr.properties
              -s, --set KEY=VALUE   set a value of the configuration, whatever the file says; can be given again
            """;

    private Main() {}

    /** Ends the process with 0 if all went well, with 1 if something is to be mended, and with 2 if the command line makes no sense. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) throws InterruptedException {
        Optional<Command> command = Arrays.stream(Command.values())
                .filter(candidate -> startsWith(arguments, candidate.words()))
                .findFirst();
        boolean help = arguments.contains("-h") || arguments.contains("--help");
        try {
            if (command.isPresent() && !help) {
                int words = command.get().words().size();
                return command.get().run(Options.parse(arguments.subList(words, arguments.size())), USAGE);
            }
            if (command.isEmpty() && !arguments.isEmpty() && !arguments.get(0).startsWith("-")) {
                Command.silenceLog();
                Options options = Options.parse(arguments.subList(1, arguments.size()));
                return new PluginCommands(options).run(arguments.get(0));
            }
            (help ? System.out : System.err).print(USAGE);
            return help ? 0 : 2;
        } catch (UsageException wrong) {
            System.err.println("brokkr: " + wrong.getMessage());
            System.err.print(USAGE);
            return 2;
        } catch (StartException mendable) {
            // Anything else is a bug, of which the stack is told too.
            String.valueOf(mendable.getMessage()).lines().forEach(line -> System.err.println("brokkr: " + line));
            return 1;
        }
    }

    private static boolean startsWith(List<String> arguments, List<String> words) {
        return arguments.size() >= words.size()
                && arguments.subList(0, words.size()).equals(words);
    }
}
