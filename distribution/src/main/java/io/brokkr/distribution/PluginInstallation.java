package io.brokkr.distribution;

import io.brokkr.core.BrokerBuilder;
import io.brokkr.core.InspectedPlugin;
import io.brokkr.core.StartException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The plugin folders, as an operator changes them. Every change is one renaming or one deletion, which a running broker notices; what cannot be done is told in one line by
 * a {@link StartException}, and then nothing has changed.
 */
final class PluginInstallation {

    private static final String DISABLED = ".disabled";

    private final Options options;
    private final List<Path> folders;

    PluginInstallation(Options options) {
        this.options = options;
        this.folders = options.builder().pluginFolders();
    }

    /** The plugins that are out of use, by their ids. */
    Map<String, Path> disabled() {
        Map<String, Path> disabled = new TreeMap<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                attempt(() -> {
                    for (Path path : list(folder, "*" + DISABLED)) {
                        idOf(path).ifPresent(id -> disabled.put(id, path));
                    }
                });
            }
        }
        return disabled;
    }

    /** Checks a jar as a broker would, beside the plugins that are there, and puts it there; a lower version of it goes. */
    String install(Path file) {
        if (!Files.isRegularFile(file) || !file.getFileName().toString().endsWith(".jar")) {
            throw new StartException(file + " is no jar; a plugin that is a folder is copied by hand");
        }
        if (folders.isEmpty()) {
            throw new StartException("there is no plugin folder: name one with plugin.folders");
        }
        try (TemporaryFolder aside = new TemporaryFolder()) {
            // What is checked is what is installed, whatever becomes of the file meanwhile.
            Path copy = Files.copy(file, aside.path().resolve(file.getFileName()));
            return install(file, copy, check(file, copy));
        } catch (IOException failure) {
            throw new StartException(file + " cannot be read: " + failure, failure);
        }
    }

    private String install(Path file, Path checkedCopy, InspectedPlugin checked) {
        Path target = folders.get(0).resolve(file.getFileName());
        List<Path> others = inspect(options.builder()).stream()
                .filter(plugin -> plugin.name().equals(checked.name()))
                .flatMap(plugin -> Stream.ofNullable(plugin.path()))
                .filter(path -> !path.equals(target))
                .toList();
        attempt(() -> {
            checkNotAnothers(target, checked.name());
            Files.createDirectories(folders.get(0));
            Path copy = folders.get(0).resolve("." + file.getFileName() + ".part");
            Files.copy(checkedCopy, copy, StandardCopyOption.REPLACE_EXISTING);
            Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
            for (Path other : others) {
                delete(other);
            }
        });
        return "installed " + checked.name() + " " + checked.version() + " as " + target + ": "
                + String.join(", ", checked.provides());
    }

    private InspectedPlugin check(Path file, Path copy) {
        InspectedPlugin checked = inspect(options.builder(copy.getParent())).stream()
                .filter(plugin -> copy.equals(plugin.path()))
                .findFirst()
                .orElseThrow(() -> new StartException(file + " is no plugin"));
        if (checked.problem() != null) {
            throw new StartException(file + " is not installed: " + checked.problem());
        }
        return checked;
    }

    private static void checkNotAnothers(Path target, String id) throws IOException {
        if (Files.exists(target) && !idOf(target).equals(Optional.of(id))) {
            throw new StartException(
                    "there is another plugin in " + target + "; give the file of " + id + " another name");
        }
    }

    /** Deletes a plugin, be it in use or not. */
    String remove(String id) {
        Path path = Optional.ofNullable(disabled().get(id)).orElseGet(() -> findNotNeeded(id));
        attempt(() -> delete(path));
        return "removed " + id + ", which was " + path;
    }

    /** Gives a plugin a name under which no broker looks at it. */
    String disable(String id) {
        if (disabled().containsKey(id)) {
            throw new StartException("the plugin " + id + " is disabled already");
        }
        Path path = findNotNeeded(id);
        Path aside = path.resolveSibling(path.getFileName() + DISABLED);
        attempt(() -> Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE));
        return "disabled " + id + ", which is " + aside + " now";
    }

    /** Takes that back. */
    String enable(String id) {
        Path aside = disabled().get(id);
        if (aside == null) {
            find(id);
            throw new StartException("the plugin " + id + " is not disabled");
        }
        String name = aside.getFileName().toString();
        Path path = aside.resolveSibling(name.substring(0, name.length() - DISABLED.length()));
        if (Files.exists(path)) {
            throw new StartException("the plugin " + id + " cannot be enabled: there is another " + path);
        }
        attempt(() -> Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE));
        return "enabled " + id + ", which is " + path + " now";
    }

    private Path findNotNeeded(String id) {
        Path path = find(id);
        String dependents = inspect(options.builder()).stream()
                .filter(plugin -> plugin.requirements().stream().anyMatch(needed -> needed.startsWith(id + " ")))
                .map(InspectedPlugin::name)
                .collect(Collectors.joining(", "));
        if (!dependents.isEmpty()) {
            throw new StartException("the plugin " + id + " is needed by " + dependents);
        }
        return path;
    }

    private Path find(String id) {
        List<InspectedPlugin> plugins = inspect(options.builder());
        List<String> names = new ArrayList<>(disabled().keySet());
        plugins.forEach(plugin -> names.add(plugin.name()));
        return plugins.stream()
                .filter(plugin -> plugin.name().equals(id))
                .flatMap(plugin -> Stream.ofNullable(plugin.path()))
                .findFirst()
                .orElseThrow(() -> new StartException("there is no plugin " + id
                        + BrokerBuilder.nearestName(id, names)
                                .map(nearest -> "; did you mean " + nearest + "?")
                                .orElse("")));
    }

    private static List<InspectedPlugin> inspect(BrokerBuilder builder) {
        return builder.inspectPlugins();
    }

    private static Optional<String> idOf(Path plugin) throws IOException {
        List<Path> jars = Files.isDirectory(plugin) ? list(plugin.resolve("lib"), "*.jar") : List.of(plugin);
        for (Path path : jars) {
            try (JarFile jar = new JarFile(path.toFile())) {
                Manifest manifest = jar.getManifest();
                String id =
                        manifest == null ? null : manifest.getMainAttributes().getValue("Plugin-Id");
                if (id != null) {
                    return Optional.of(id);
                }
            } catch (IOException noJar) {
                // Whatever it is, it is no plugin that could be named.
            }
        }
        return Optional.empty();
    }

    private static List<Path> list(Path folder, String names) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, names)) {
            entries.forEach(paths::add);
        }
        return paths;
    }

    private static void delete(Path plugin) throws IOException {
        if (Files.isDirectory(plugin)) {
            new TemporaryFolder(plugin).close();
        } else {
            Files.delete(plugin);
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    private static void attempt(Change change) {
        try {
            change.make();
        } catch (IOException failure) {
            throw new StartException("the plugin folder cannot be changed: " + failure, failure);
        }
    }
}
