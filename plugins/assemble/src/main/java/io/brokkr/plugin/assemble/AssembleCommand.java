package io.brokkr.plugin.assemble;

import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.CommandLineTool;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The command {@code brokkr assemble}, which makes distributions with chosen plugins of the one that it belongs to. */
public final class AssembleCommand implements CommandLineTool {

    private static final int DONE = 0;
    private static final int TO_BE_MENDED = 1;
    private static final int WRONG_ARGUMENTS = 2;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    /** Without them, clients of today get no further than the connection. */
    private static final List<String> ASKED_FOR_BY_CLIENTS = List.of("api-versions", "metadata");

    /** Called by {@link java.util.ServiceLoader}. */
    public AssembleCommand() {}

    @Override
    public String name() {
        return "assemble";
    }

    @Override
    public String summary() {
        return "make an archive or a package with chosen plugins, and a Java runtime cut to them";
    }

    @Override
    public String usage() {
        return """
                Usage: brokkr assemble --output FILE [--recipe NAME] [--plugins ID|FILE,...] [--storage NAME,...]
                                       [--metadata NAME] [--runtime] [--base FOLDER] [--force]

                Makes a distribution of the plugins that are named and of what they depend on. What is missing is told before
                anything is written. The same installation, options and Java give the same bytes.

                  --output FILE        where it goes; its ending says what it is: .tar.gz, .zip, .deb for Debian, or
                                       .oci.tar for a container image
                  --recipe NAME        plugins, engine and metadata store by a name:
                %s
                  --plugins ID,...     plugins by their ids, as in `brokkr plugins list`; besides those of the recipe, if there is one.
                                       A FILE is the jar or the folder of a plugin that lies elsewhere: ./mine.jar
                  --storage NAME,...   storage engines; the first is that of topics that do not name one
                  --metadata NAME      the metadata store, instead of embedded or that of the recipe
                  --runtime            with a Java runtime for this operating system and processor that has the modules which the
                                       plugins need, and no others; needs a JDK
                  --base FOLDER        the image that a container image begins with, in OCI's image layout; with --runtime
                  --force              write over FILE

                SOURCE_DATE_EPOCH, in the environment, is the time that the files get, instead of that of the build.
                """
                .formatted(Arrays.stream(Recipe.values())
                        .map(recipe -> "                         %-6s %s".formatted(recipe.text(), recipe.summary()))
                        .collect(Collectors.joining("\n")));
    }

    @Override
    public int run(List<String> arguments, CommandLineContext context) {
        try {
            AssembleOptions options = AssembleOptions.parse(arguments);
            Assembly assembly = new Assembly(
                    options,
                    new Installation(context.installation()),
                    Selection.of(options, context::plugins),
                    System.getenv("SOURCE_DATE_EPOCH"));
            warn(assembly.selection(), context.err());
            report(options, assembly.selection(), assembly.make(), context.out());
            return DONE;
        } catch (WrongArgumentsException wrong) {
            context.err().println("brokkr: " + wrong.getMessage());
            context.err().print(usage());
            return WRONG_ARGUMENTS;
        } catch (AssemblyException mendable) {
            mendable.lines().forEach(line -> context.err().println("brokkr: " + line));
            return TO_BE_MENDED;
        }
    }

    private static void warn(Selection selection, PrintStream err) {
        ASKED_FOR_BY_CLIENTS.stream()
                .filter(id -> !selection.has(id))
                .forEach(id -> err.println("brokkr: note: the plugin " + id + " is not in it, which clients need"));
    }

    private static void report(AssembleOptions options, Selection selection, List<String> modules, PrintStream out) {
        try {
            out.printf("%s, %.1f MB%n", options.output(), Files.size(options.output()) / BYTES_PER_MEGABYTE);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
        out.println("plugins "
                + selection.plugins().stream()
                        .map(plugin -> plugin.id() + " " + plugin.version())
                        .collect(Collectors.joining(", ")));
        out.println("storage.engine=" + selection.storage() + ", metadata.store=" + selection.metadata());
        if (!modules.isEmpty()) {
            out.println("Java " + Runtime.version() + " for " + System.getProperty("os.name") + " "
                    + JavaRuntime.architecture() + " with " + String.join(", ", modules));
        }
    }
}
