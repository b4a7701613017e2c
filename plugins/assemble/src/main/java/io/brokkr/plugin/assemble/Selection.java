package io.brokkr.plugin.assemble;

import io.brokkr.spi.InstalledPlugin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The plugins that go in: those that were asked for, and what they depend on.
 *
 * @param plugins in the order of their ids
 * @param storage the engine of topics that do not name one
 * @param metadata the metadata store
 */
record Selection(List<InstalledPlugin> plugins, String storage, String metadata) {

    private static final String ENGINE = "storage engine ";
    private static final String STORE = "metadata store ";

    /** What a broker takes that is told nothing. */
    private static final String DEFAULT_STORE = "embedded";

    /**
     * Chooses.
     *
     * @param inspection tells which plugins there are, with those of the files
     * @throws AssemblyException with a line for everything that is missing or does not work
     */
    static Selection of(AssembleOptions options, Function<List<Path>, List<InstalledPlugin>> inspection)
            throws AssemblyException {
        List<String> missing = options.files().stream()
                .filter(file -> !Files.exists(file))
                .map(file -> "there is no file " + file)
                .toList();
        if (!missing.isEmpty()) {
            throw new AssemblyException(missing);
        }
        return new Chooser(options, inspection.apply(options.files())).choose();
    }

    /** The engines that topics can be created on. */
    List<String> engines() {
        return named(plugins, ENGINE);
    }

    /** Whether one of them is there. */
    boolean has(String id) {
        return plugins.stream().anyMatch(plugin -> plugin.id().equals(id));
    }

    private static List<String> named(Collection<InstalledPlugin> plugins, String kind) {
        return plugins.stream()
                .flatMap(plugin -> plugin.provides().stream())
                .filter(what -> what.startsWith(kind))
                .map(what -> what.substring(kind.length()))
                .sorted()
                .toList();
    }

    private static final class Chooser {

        private final AssembleOptions options;
        private final List<InstalledPlugin> installed;
        private final NavigableMap<String, InstalledPlugin> chosen = new TreeMap<>();
        private final List<String> problems = new ArrayList<>();

        Chooser(AssembleOptions options, List<InstalledPlugin> installed) {
            this.options = options;
            this.installed = installed;
        }

        Selection choose() throws AssemblyException {
            Recipe recipe = options.recipe();
            if (recipe != null) {
                recipe.plugins(installed).forEach(this::addNamed);
            }
            options.plugins().forEach(this::addNamed);
            options.files().forEach(this::addFile);
            List<String> engines = engines();
            engines.forEach(name -> addProvider(ENGINE, name));
            String store =
                    Optional.ofNullable(options.metadata()).orElse(recipe == null ? DEFAULT_STORE : recipe.metadata());
            addProvider(STORE, store);
            if (!problems.isEmpty()) {
                throw new AssemblyException(problems.stream().distinct().toList());
            }
            return new Selection(List.copyOf(chosen.values()), engines.get(0), store);
        }

        /** Those that were asked for, or else the only one of the plugins that are chosen. */
        private List<String> engines() {
            Recipe recipe = options.recipe();
            if (!options.storage().isEmpty()) {
                return options.storage();
            }
            if (recipe != null) {
                return List.of(recipe.storage());
            }
            List<String> brought = named(chosen.values(), ENGINE);
            if (brought.size() != 1) {
                problems.add("nothing says where records go: give --storage with one or more of "
                        + listed(named(installed, ENGINE)));
            }
            return brought;
        }

        private void addNamed(String id) {
            installed.stream()
                    .filter(plugin -> plugin.id().equals(id))
                    // A second one of the same id is left out, and the first does no worse for it.
                    .min(Comparator.comparing(plugin -> plugin.problem() != null))
                    .ifPresentOrElse(
                            this::add,
                            () -> problems.add("there is no plugin " + id + "; there are "
                                    + listed(installed.stream()
                                            .filter(plugin -> plugin.problem() == null)
                                            .map(InstalledPlugin::id)
                                            .sorted()
                                            .toList())));
        }

        private void addFile(Path file) {
            installed.stream()
                    .filter(plugin -> plugin.path().equals(file))
                    .findFirst()
                    .ifPresentOrElse(this::add, () -> problems.add(file + " is no plugin"));
        }

        private void addProvider(String kind, String name) {
            installed.stream()
                    .filter(plugin -> plugin.provides().contains(kind + name))
                    .findFirst()
                    .ifPresentOrElse(
                            this::add,
                            () -> problems.add("no plugin supplies the " + kind + name + "; there are "
                                    + listed(named(installed, kind))));
        }

        /** With all that it needs. What a plugin that works requires and that is not there is optional. */
        private void add(InstalledPlugin wanted) {
            Deque<InstalledPlugin> open = new ArrayDeque<>(List.of(wanted));
            while (!open.isEmpty()) {
                InstalledPlugin plugin = open.remove();
                if (plugin.problem() != null) {
                    problems.add("the plugin " + plugin.id() + " does not work: " + plugin.problem());
                } else if (chosen.putIfAbsent(plugin.id(), plugin) == null) {
                    installed.stream()
                            .filter(other -> other.problem() == null && requires(plugin, other))
                            .forEach(open::add);
                }
            }
        }

        private static boolean requires(InstalledPlugin plugin, InstalledPlugin other) {
            return plugin.requirements().stream().anyMatch(needed -> needed.startsWith(other.id() + " "));
        }

        private static String listed(List<String> names) {
            return names.isEmpty() ? "none" : names.stream().collect(Collectors.joining(", "));
        }
    }
}
