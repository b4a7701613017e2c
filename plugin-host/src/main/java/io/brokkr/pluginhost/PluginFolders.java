package io.brokkr.pluginhost;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.pf4j.PluginRepository;
import org.pf4j.PluginRuntimeException;

/**
 * The plugins in some folders: each {@code .jar}, and each folder with a {@code lib} folder in it. What begins with a dot is passed over, as jars that are being
 * copied do, and so are folders and jars to whose name {@code .disabled} was added.
 */
final class PluginFolders implements PluginRepository {

    private final List<Path> folders;

    PluginFolders(List<Path> folders) {
        this.folders = folders;
    }

    List<Path> paths() {
        return folders;
    }

    /** In the order of the folders and, inside of each, of the names, so that every start is like the one before. */
    @Override
    public List<Path> getPluginPaths() {
        List<Path> paths = new ArrayList<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                List<Path> inside = list(folder);
                inside.removeIf(
                        path -> isPassedOver(path) || (!isJar(path) && !Files.isDirectory(path.resolve("lib"))));
                paths.addAll(inside);
            }
        }
        return paths;
    }

    /** The jars of a plugin: itself, or those in the {@code lib} folder. */
    static List<Path> jars(Path plugin) {
        if (!Files.isDirectory(plugin)) {
            return List.of(plugin);
        }
        List<Path> jars = list(plugin.resolve("lib"));
        jars.removeIf(path -> !isJar(path));
        return jars;
    }

    @Override
    public boolean deletePluginPath(Path path) {
        throw new UnsupportedOperationException("a broker deletes no plugins");
    }

    private static boolean isPassedOver(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") || name.endsWith(".disabled");
    }

    private static boolean isJar(Path path) {
        return path.getFileName().toString().endsWith(".jar");
    }

    /** What is in a folder, in the order of the names. */
    static List<Path> list(Path folder) {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(paths::add);
        } catch (IOException unreadable) {
            throw new PluginRuntimeException(unreadable, "the folder " + folder + " cannot be read: " + unreadable);
        }
        Collections.sort(paths);
        return paths;
    }
}
