package io.brokkr.storage.log;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the folders of logs are named in a data folder, and how they are found there. */
final class LogFolders {

    /** Holds the logs whose names are taken by others, in a folder for each topic. */
    static final String ASIDE = "brokkr-same-name";

    /** Topic and partition. Nine digits fit into 32 bits, and no topic has more partitions. */
    static final Pattern LOG_NAME = Pattern.compile("(.+)-([0-9]{1,9})");

    private LogFolders() {}

    static String hex(UUID id) {
        return id.toString().replace("-", "");
    }

    static Path aside(Path root, LogId id) {
        return root.resolve(ASIDE).resolve(hex(id.topicId())).resolve(id.toString());
    }

    /** All logs of a data folder, with their own folders. */
    static Map<LogId, Path> logsIn(Path root) throws IOException {
        return logsIn(root, name -> true);
    }

    static Map<LogId, Path> logsIn(Path root, Predicate<String> wanted) throws IOException {
        Map<LogId, Path> logs = new HashMap<>();
        for (Path folder : foldersIn(root)) {
            Matcher name = LOG_NAME.matcher(folder.getFileName().toString());
            Optional<UUID> owner = name.matches() && wanted.test(name.group()) ? ownerOf(folder) : Optional.empty();
            owner.ifPresent(
                    topicId -> logs.put(new LogId(topicId, name.group(1), Integer.parseInt(name.group(2))), folder));
        }
        return logs;
    }

    /** Whose a folder is; empty also where its id cannot be read, which must not hide the other logs: who opens the log is told. */
    private static Optional<UUID> ownerOf(Path folder) {
        try {
            return TopicIdFile.read(folder);
        } catch (IOException | StorageException damaged) {
            return Optional.empty();
        }
    }

    /** The folders of all logs of a data folder by their names alone, in order. */
    static List<Path> logFoldersIn(Path root) throws IOException {
        return foldersIn(root).stream()
                .filter(folder ->
                        LOG_NAME.matcher(folder.getFileName().toString()).matches() && Files.isDirectory(folder))
                .sorted()
                .toList();
    }

    /** Whether a log's name was taken. */
    static boolean isAside(Path logFolder) {
        Path above = logFolder.getParent().getParent();
        return above != null && above.endsWith(ASIDE);
    }

    /** The data folder in which the folder of a log lies. */
    static Path rootOf(Path logFolder) {
        Path parent = logFolder.getParent();
        return isAside(logFolder) ? parent.getParent().getParent() : parent;
    }

    /** Everything in a data folder, and in the folders aside. */
    private static List<Path> foldersIn(Path root) throws IOException {
        List<Path> folders = list(root);
        for (Path ofOneTopic : list(root.resolve(ASIDE))) {
            folders.addAll(list(ofOneTopic));
        }
        return folders;
    }

    static List<Path> list(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (NoSuchFileException | java.nio.file.NotDirectoryException none) {
            return entries;
        }
        return entries;
    }

    /** What the batches in a log's folder take. */
    static long sizeInBytes(Path folder) throws IOException {
        long size = 0;
        for (Path file : list(folder)) {
            if (file.getFileName().toString().endsWith(Segment.LOG_SUFFIX)) {
                size += Files.size(file);
            }
        }
        return size;
    }
}
