package io.brokkr.distribution;

import io.brokkr.core.BrokerBuilder;
import io.brokkr.core.InspectedPlugin;
import io.brokkr.core.StartException;
import io.brokkr.spi.InstalledPlugin;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The plugins of the installation, and some that lie elsewhere, as a tool is told of them. */
final class PluginInspection {

    private PluginInspection() {}

    static List<InstalledPlugin> of(Options options, List<Path> further) {
        try (TemporaryFolder aside = new TemporaryFolder()) {
            Map<Path, Path> places = new HashMap<>();
            List<Path> folders = new ArrayList<>();
            for (Path path : further) {
                // Each in a folder of its own: two may have the same name.
                Path folder = Files.createDirectory(aside.path().resolve("further-" + folders.size()));
                Path link = Files.createSymbolicLink(folder.resolve(path.getFileName()), path.toAbsolutePath());
                places.put(link, path);
                folders.add(folder);
            }
            return inspect(options.builder(folders.toArray(Path[]::new)), places);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<InstalledPlugin> inspect(BrokerBuilder builder, Map<Path, Path> places) {
        List<InstalledPlugin> installed = new ArrayList<>();
        try {
            for (InspectedPlugin plugin : builder.inspectPlugins()) {
                Path path = plugin.path();
                if (path != null) {
                    installed.add(new InstalledPlugin(
                            nameOf(plugin, path, places),
                            plugin.version(),
                            plugin.requirements(),
                            places.getOrDefault(path, path),
                            plugin.provides(),
                            plugin.problem()));
                }
            }
            return installed;
        } catch (StartException mendable) {
            throw new StorageException(String.valueOf(mendable.getMessage()), mendable);
        }
    }

    /** Its id, or its path if it has none. */
    private static String nameOf(InspectedPlugin plugin, Path path, Map<Path, Path> places) {
        return plugin.name().equals(path.toString())
                ? places.getOrDefault(path, path).toString()
                : plugin.name();
    }
}
