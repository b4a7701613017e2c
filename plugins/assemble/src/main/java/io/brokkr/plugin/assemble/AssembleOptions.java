package io.brokkr.plugin.assemble;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param recipe null for the plugins that are named alone
 * @param plugins ids of plugins
 * @param files jars and folders of plugins that lie elsewhere
 * @param storage names of storage engines, the one of topics that do not name one first; empty for that of the recipe
 * @param metadata the name of the metadata store; null for that of the recipe
 * @param runtime whether a Java runtime goes with it
 * @param base a folder with the layout of the image that a container image begins with; null for all else
 * @param force whether a file that is there already is written over
 */
record AssembleOptions(
        Path output,
        Packaging packaging,
        @Nullable Recipe recipe,
        List<String> plugins,
        List<Path> files,
        List<String> storage,
        @Nullable String metadata,
        boolean runtime,
        @Nullable Path base,
        boolean force) {

    /**
     * Reads the arguments.
     *
     * @throws WrongArgumentsException if they make no sense
     */
    static AssembleOptions parse(List<String> arguments) throws WrongArgumentsException {
        return new Parser(arguments).parse();
    }

    private static final class Parser {

        private final Iterator<String> rest;
        private final List<String> plugins = new ArrayList<>();
        private final List<Path> files = new ArrayList<>();
        private final List<String> storage = new ArrayList<>();
        private @Nullable Path output;
        private @Nullable Recipe recipe;
        private @Nullable String metadata;
        private boolean runtime;
        private @Nullable Path base;
        private boolean force;

        Parser(List<String> arguments) {
            rest = arguments.iterator();
        }

        AssembleOptions parse() throws WrongArgumentsException {
            while (rest.hasNext()) {
                read(rest.next());
            }
            Path target = output;
            if (target == null) {
                throw new WrongArgumentsException("--output FILE is missing: where the result goes");
            }
            if (recipe == null && plugins.isEmpty() && files.isEmpty()) {
                throw new WrongArgumentsException("nothing says which plugins: give --recipe or --plugins");
            }
            Packaging packaging = Packaging.of(target);
            if ((packaging == Packaging.OCI) != (base != null) || (base != null && !runtime)) {
                throw new WrongArgumentsException(
                        "a container image, and nothing else, takes --base FOLDER and --runtime");
            }
            return new AssembleOptions(
                    target, packaging, recipe, plugins, files, storage, metadata, runtime, base, force);
        }

        private void read(String argument) throws WrongArgumentsException {
            // --output=FILE means what --output FILE means.
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String name = equals < 0 ? argument : argument.substring(0, equals);
            switch (name) {
                case "--output" -> output = Path.of(value(name, argument, equals));
                case "--recipe" -> recipe = Recipe.named(value(name, argument, equals));
                case "--plugins" -> names(value(name, argument, equals)).forEach(this::addPlugin);
                case "--storage" -> storage.addAll(names(value(name, argument, equals)));
                case "--metadata" -> metadata = value(name, argument, equals);
                case "--runtime" -> runtime = true;
                case "--base" -> base = Path.of(value(name, argument, equals));
                case "--force" -> force = true;
                default -> throw new WrongArgumentsException("unknown option " + argument);
            }
        }

        private String value(String name, String argument, int equals) throws WrongArgumentsException {
            String value = equals >= 0 ? argument.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
            if (value.isBlank()) {
                throw new WrongArgumentsException(name + " needs a value");
            }
            return value;
        }

        private static List<String> names(String value) {
            return List.of(value.split(",", -1)).stream()
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
        }

        /** An id has neither a slash nor the ending of a jar. */
        private void addPlugin(String name) {
            if (name.contains("/") || name.endsWith(".jar")) {
                files.add(Path.of(name));
            } else {
                plugins.add(name);
            }
        }
    }
}
