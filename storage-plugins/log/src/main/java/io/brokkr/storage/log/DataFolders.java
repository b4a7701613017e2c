package io.brokkr.storage.log;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds, makes and removes the folders of logs. Every method but the constructor waits for the device, and reads no more folders than it has to.
 *
 * <p>A folder is named after topic and partition, and belongs to the topic whose id is in it. If the name is taken by a topic that was deleted and
 * whose folder is still there, the log of the new topic begins in a folder aside, and moves when the name is free.
 */
final class DataFolders {

    private static final String FORMAT_FILE = "brokkr-log-format";
    private static final int FORMAT_VERSION = 1;
    private static final String ASIDE = "brokkr-same-name";
    private static final String DELETED_SUFFIX = "-delete";
    private static final int LONGEST_FILE_NAME = 255;
    static final Pattern LOG_NAME = Pattern.compile("(.+)-([0-9]{1,10})");
    private static final int NOT_COUNTED = -1;

    private final List<Path> roots;

    /** How many logs there are in each, as far as somebody had to know. */
    private final Map<Path, Integer> logCounts = new HashMap<>();

    /**
     * Looks at nothing but the format's version, which is written where there is none.
     *
     * @throws StorageException if a folder cannot be used
     */
    DataFolders(List<Path> roots) {
        this.roots = List.copyOf(roots);
        this.roots.forEach(DataFolders::checkFormat);
    }

    private static void checkFormat(Path root) {
        Path file = root.resolve(FORMAT_FILE);
        String current = "version: " + FORMAT_VERSION + "\n";
        try {
            Optional<byte[]> found = AtomicFile.read(file);
            if (found.isEmpty()) {
                AtomicFile.write(
                        FileOperations.SYSTEM, file, ByteBuffer.wrap(current.getBytes(StandardCharsets.UTF_8)));
                return;
            }
            String text = new String(found.get(), StandardCharsets.UTF_8);
            if (!text.matches("version: [0-9]+\n")) {
                throw new StorageException("the file " + file + " is damaged: it should hold «" + current.strip()
                        + "», or a later version if a newer Brokkr wrote the folder");
            }
            if (!text.equals(current)) {
                throw new StorageException("the data folder " + root + " has the format «" + text.strip() + "» (file "
                        + FORMAT_FILE + "), and this Brokkr knows no later one than version " + FORMAT_VERSION
                        + ": start the newer Brokkr that wrote it, or name another folder in log.dirs");
            }
        } catch (IOException failure) {
            throw new StorageException("the data folder " + root + " cannot be used: " + failure, failure);
        }
    }

    List<Path> roots() {
        return roots;
    }

    /** The folder of a log that is not open, made if there is none. */
    Path findOrCreate(LogId id) throws IOException {
        Optional<Path> found = find(id);
        if (found.isPresent()) {
            return isAside(found.get()) ? moveToItsPlace(id, found.get()) : found.get();
        }
        for (Path each : roots) {
            requireThere(each);
        }
        Path root = rootWithFewestLogs();
        Path folder = isNameTaken(id) ? aside(root, id) : root.resolve(id.toString());
        Files.createDirectories(folder);
        TopicIdFile.write(folder, id.topicId());
        for (Path parent = folder.getParent(); parent.startsWith(root); parent = parent.getParent()) {
            AtomicFile.forceFolder(FileOperations.SYSTEM, parent);
        }
        return folder;
    }

    /** A log of a folder that is gone for the moment, with the disk that it lies on, must not begin anew. */
    private static void requireThere(Path root) {
        if (!Files.exists(root.resolve(FORMAT_FILE))) {
            throw new StorageException("the data folder " + root + " is gone, or its file " + FORMAT_FILE
                    + " is: bring it back, the broker goes on by itself");
        }
    }

    /** The folder of a log that was there and failed. */
    Path findAgain(LogId id) throws IOException {
        if (find(id).isEmpty()) {
            throw new StorageException("the folder of the log " + id + " is gone from " + roots
                    + ": bring it back, the broker goes on by itself; or delete the topic");
        }
        return findOrCreate(id);
    }

    /** The folder of a log, if there is one. */
    Optional<Path> find(LogId id) throws IOException {
        for (Path root : roots) {
            for (Path candidate : List.of(root.resolve(id.toString()), aside(root, id))) {
                if (Files.isDirectory(candidate) && belongsTo(candidate, id)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    /** A folder without an id is one whose making a crash cut short, since the id is durable before anything else is in it. */
    private static boolean belongsTo(Path folder, LogId id) throws IOException {
        Optional<UUID> owner = TopicIdFile.read(folder);
        if (owner.isPresent()) {
            return owner.get().equals(id.topicId());
        }
        if (sizeInBytes(folder) > 0) {
            throw new StorageException("the folder " + folder + " holds records, but no file " + TopicIdFile.NAME
                    + " that says whose they are: move it away, or write that file");
        }
        TopicIdFile.write(folder, id.topicId());
        return true;
    }

    private boolean isNameTaken(LogId id) {
        return roots.stream().anyMatch(root -> Files.exists(root.resolve(id.toString())));
    }

    private static Path aside(Path root, LogId id) {
        return root.resolve(ASIDE).resolve(hex(id.topicId())).resolve(id.toString());
    }

    private boolean isAside(Path folder) {
        return !roots.contains(folder.getParent());
    }

    private Path moveToItsPlace(LogId id, Path aside) throws IOException {
        if (isNameTaken(id)) {
            return aside;
        }
        Path ofItsTopic = aside.getParent();
        Path root = ofItsTopic.getParent().getParent();
        Path place = root.resolve(id.toString());
        Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.forceFolder(FileOperations.SYSTEM, root);
        AtomicFile.forceFolder(FileOperations.SYSTEM, ofItsTopic);
        return place;
    }

    private static String hex(UUID id) {
        return id.toString().replace("-", "");
    }

    private synchronized Path rootWithFewestLogs() throws IOException {
        if (roots.size() == 1) {
            return roots.get(0);
        }
        for (Path root : roots) {
            if (logCounts.getOrDefault(root, NOT_COUNTED) == NOT_COUNTED) {
                logCounts.put(root, logsIn(root).size());
            }
        }
        Path least = roots.stream().min(Comparator.comparing(logCounts::get)).orElseThrow();
        logCounts.merge(least, 1, Integer::sum);
        return least;
    }

    /**
     * Takes a log's folder out of the way, durably; its files are still there.
     *
     * @return the folder to {@link #remove}; empty if there is no such log
     */
    Optional<Path> markDeleted(LogId id) throws IOException {
        Optional<Path> found = find(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Path folder = found.get();
        String suffix = "." + hex(UUID.randomUUID()) + DELETED_SUFFIX;
        String name = id.toString();
        Path deleted = folder.resolveSibling(
                name.substring(0, Math.min(name.length(), LONGEST_FILE_NAME - suffix.length())) + suffix);
        Files.move(folder, deleted, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.forceFolder(FileOperations.SYSTEM, folder.getParent());
        synchronized (this) {
            logCounts.clear();
        }
        return Optional.of(deleted);
    }

    /** Removes a folder with all that is in it, and the folder around it if that was made for it alone. */
    void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
        if (isAside(folder) && list(folder.getParent()).isEmpty()) {
            Files.deleteIfExists(folder.getParent());
        }
    }

    /** Removes what was deleted before the engine was opened and is still there. */
    void removeLeftovers() throws IOException {
        for (Path root : roots) {
            removeLeftoversIn(root);
            for (Path ofOneTopic : list(root.resolve(ASIDE))) {
                removeLeftoversIn(ofOneTopic);
            }
        }
    }

    /** By the names alone, while the broker starts: a {@link Path} for each of ten thousand logs takes four times as long. */
    private void removeLeftoversIn(Path folder) throws IOException {
        String[] names = folder.toFile().list();
        if (names != null) {
            for (String name : names) {
                if (name.endsWith(DELETED_SUFFIX)) {
                    remove(folder.resolve(name));
                }
            }
        }
    }

    /** All logs of a data folder, with their own folders. */
    Map<LogId, Path> logsIn(Path root) throws IOException {
        Map<LogId, Path> logs = new HashMap<>();
        for (Path folder : foldersIn(root)) {
            Matcher name = LOG_NAME.matcher(folder.getFileName().toString());
            Optional<UUID> owner = name.matches() ? ownerOf(folder) : Optional.empty();
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

    /** The data folder in which the folder of a log lies. */
    static Path rootOf(Path logFolder) {
        Path parent = logFolder.getParent();
        Path above = parent.getParent();
        boolean isAside = above != null && above.endsWith(ASIDE);
        return isAside ? above.getParent() : parent;
    }

    /** Everything in a data folder, and in the folders aside. */
    private static List<Path> foldersIn(Path root) throws IOException {
        List<Path> folders = list(root);
        for (Path ofOneTopic : list(root.resolve(ASIDE))) {
            folders.addAll(list(ofOneTopic));
        }
        return folders;
    }

    private static List<Path> list(Path folder) throws IOException {
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
