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
 * What the plugin folders hold at one moment, and what is trusted then. Immutable.
 *
 * @param plugins the jars and folders that are plugins, in the order of {@link PluginFolders}, each with what its jars look like from outside
 * @param trust what the files look like that say which jars are trusted
 */
record FolderState(Map<Path, List<FileState>> plugins, List<FileState> trust) {

    /**
     * A file from outside; another one under its name differs, since it is another file or was written later.
     *
     * @param key tells files apart where names do not; null where the file system has none
     */
    record FileState(Path path, long sizeInBytes, FileTime modified, @Nullable Object key) {

        private static FileState of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileState(path, attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
        }
    }

    /** Looks. What vanishes meanwhile, or cannot be looked at, is not there. */
    static FolderState of(PluginFolders folders, List<Path> trustFiles) {
        Map<Path, List<FileState>> plugins = new LinkedHashMap<>();
        for (Path path : folders.getPluginPaths()) {
            try {
                plugins.put(path, states(PluginFolders.jars(path)));
            } catch (IOException | RuntimeException vanished) {
                // It is there the next time, or it is gone.
            }
        }
        return new FolderState(plugins, trust(trustFiles));
    }

    /** None if one of them is not there, which is a change as well. */
    private static List<FileState> trust(List<Path> files) {
        try {
            return states(files);
        } catch (IOException vanished) {
            return List.of();
        }
    }

    private static List<FileState> states(List<Path> paths) throws IOException {
        List<FileState> states = new ArrayList<>();
        for (Path path : paths) {
            states.add(FileState.of(path));
        }
        return states;
    }

    /**
     * The newer state, where what has changed since an older look still counts as it was before both, since it may be in the middle of being copied; and so does what lay in a
     * folder that is gone as a whole: a disk that is not there is no wish to be without plugins.
     */
    FolderState settled(FolderState older, FolderState before) {
        Map<Path, List<FileState>> settled = new LinkedHashMap<>();
        Set<Path> paths = new LinkedHashSet<>(plugins.keySet());
        paths.addAll(before.plugins.keySet());
        for (Path path : paths) {
            List<FileState> now = plugins.get(path);
            boolean same = Objects.equals(now, older.plugins.get(path));
            boolean lost =
                    now == null && !Files.isDirectory(path.toAbsolutePath().getParent());
            List<FileState> counts = same && !lost ? now : before.plugins.get(path);
            if (counts != null) {
                settled.put(path, counts);
            }
        }
        return new FolderState(settled, trust.equals(older.trust) ? trust : before.trust);
    }
}
