package io.brokkr.pluginhost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the plugin folders hold at one moment. Immutable.
 *
 * @param plugins the jars and folders that are plugins, in the order of {@link PluginFolders}, each with what its jars look like from outside
 */
record FolderState(Map<Path, List<JarState>> plugins) {

    /**
     * A jar from outside; another one under its name differs, since it is another file or was written later.
     *
     * @param key tells files apart where names do not; null where the file system has none
     */
    record JarState(Path path, long sizeInBytes, FileTime modified, @Nullable Object key) {}

    /** Looks. What vanishes meanwhile, or cannot be looked at, is not there. */
    static FolderState of(PluginFolders folders) {
        Map<Path, List<JarState>> plugins = new LinkedHashMap<>();
        for (Path path : folders.getPluginPaths()) {
            try {
                List<JarState> jars = new ArrayList<>();
                for (Path jar : PluginFolders.jars(path)) {
                    BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
                    jars.add(new JarState(jar, attributes.size(), attributes.lastModifiedTime(), attributes.fileKey()));
                }
                plugins.put(path, jars);
            } catch (IOException | RuntimeException vanished) {
                // It is there the next time, or it is gone.
            }
        }
        return new FolderState(plugins);
    }

    /**
     * The newer state, where what has changed since an older look still counts as it was before both, since it may be in the middle of being copied; and so does what lay in a
     * folder that is gone as a whole: a disk that is not there is no wish to be without plugins.
     */
    FolderState settled(FolderState older, FolderState before) {
        Map<Path, List<JarState>> settled = new LinkedHashMap<>();
        Set<Path> paths = new LinkedHashSet<>(plugins.keySet());
        paths.addAll(before.plugins.keySet());
        for (Path path : paths) {
            List<JarState> now = plugins.get(path);
            boolean same = Objects.equals(now, older.plugins.get(path));
            boolean lost =
                    now == null && !Files.isDirectory(path.toAbsolutePath().getParent());
            List<JarState> counts = same && !lost ? now : before.plugins.get(path);
            if (counts != null) {
                settled.put(path, counts);
            }
        }
        return new FolderState(settled);
    }
}
