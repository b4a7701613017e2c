package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/** The folders of deleted logs, which are called {@code orders-0.0123456789abcdef0123456789abcdef-delete} until their files are gone. */
final class DeletedFolders {

    private static final String SUFFIX = "-delete";
    private static final int LONGEST_FILE_NAME = 255;

    private DeletedFolders() {}

    /** Takes a log's folder out of the way: durably as soon as the folder around it is forced. */
    static Path takeAway(Path folder) throws IOException {
        String suffix = "." + LogFolders.hex(UUID.randomUUID()) + SUFFIX;
        String name = folder.getFileName().toString();
        Path deleted = folder.resolveSibling(
                name.substring(0, Math.min(name.length(), LONGEST_FILE_NAME - suffix.length())) + suffix);
        Files.move(folder, deleted, StandardCopyOption.ATOMIC_MOVE);
        return deleted;
    }

    /** Removes a folder with all that is in it, and the folder around it if that was made for it alone. */
    static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
        if (LogFolders.isAside(folder) && LogFolders.list(folder.getParent()).isEmpty()) {
            Files.deleteIfExists(folder.getParent());
        }
    }

    /** Removes what is left in a data folder. */
    static void removeAllIn(Path root) throws IOException {
        removeFrom(root);
        for (Path ofOneTopic : LogFolders.list(root.resolve(LogFolders.ASIDE))) {
            removeFrom(ofOneTopic);
        }
    }

    /** By the names alone, while the broker starts: a {@link Path} for each of ten thousand logs takes four times as long. */
    private static void removeFrom(Path folder) throws IOException {
        String[] names = folder.toFile().list();
        if (names != null) {
            for (String name : names) {
                if (name.endsWith(SUFFIX)) {
                    remove(folder.resolve(name));
                }
            }
        }
    }
}
