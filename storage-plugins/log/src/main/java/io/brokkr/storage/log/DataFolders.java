package io.brokkr.storage.log;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds, makes and removes the folders of logs. Every method but the constructor waits for the device, and reads no more folders than it has to.
 *
 * <p>A folder is named after topic and partition, and belongs to the topic whose id is in it. If the name is taken by a topic that was deleted and
 * whose folder is still there, the log of the new topic begins in a folder aside, and moves when the name is free.
 *
 * <p>A data folder that cannot be used is left out, and looked at again when a log is not found in the others. A log that may lie there is refused; {@link LogPlaces} tells which
 * ones do.
 */
final class DataFolders {

    private static final Logger LOG = System.getLogger(DataFolders.class.getName());

    private final List<DataFolder> roots;

    /** Null as long as there is one data folder, and never was another one. */
    private final @Nullable LogPlaces places;

    /** How many logs there are in each, as far as somebody had to know. */
    private final Map<Path, Integer> logCounts = new HashMap<>();

    /**
     * Looks at nothing but the format's version, which is written where there is none.
     *
     * @param open reads what must be read in a data folder before any log in it is, or throws {@link StorageException}
     * @throws StorageException if no folder can be used
     */
    DataFolders(StorageContext context, Consumer<Path> open) {
        List<Path> paths = context.dataFolders();
        LogPlaces file = new LogPlaces(paths.get(0));
        Set<String> inUse;
        try {
            inUse = file.folders();
        } catch (IOException unreadable) {
            throw new StorageException(
                    "the file " + file + " cannot be read or written (" + unreadable.getMessage()
                            + "): let the broker's user do so, or remove it; it is made anew if all data folders can be used",
                    unreadable);
        }
        places = paths.size() > 1 || !inUse.isEmpty() ? file : null;
        roots = paths.stream()
                .map(path -> new DataFolder(
                        path, inUse.contains(path.toString()), context::requireUsable, open, this::noteInUse))
                .toList();
        roots.forEach(DataFolder::look);
        if (roots.stream().noneMatch(DataFolder::isUsable)) {
            throw new StorageException(roots.stream().map(DataFolder::failure).collect(Collectors.joining("; ")));
        }
    }

    private void noteInUse(Path path) throws IOException {
        LogPlaces file = places;
        DataFolder first = roots.get(0);
        if (file != null) {
            // Nothing is written where the first one is missing.
            if (!path.equals(first.path()) && !first.look()) {
                first.requireUsable();
            }
            file.noteFolder(path.toString());
        }
    }

    List<DataFolder> roots() {
        return roots;
    }

    private List<DataFolder> usable() {
        return roots.stream().filter(DataFolder::isUsable).toList();
    }

    /** Whether one of them has failed and was not found usable since. */
    boolean hasFailed() {
        return roots.stream().anyMatch(root -> !root.isUsable());
    }

    /** Those that cannot be used may be again. */
    void lookAtFailed() {
        for (DataFolder root : roots) {
            if (!root.isUsable()) {
                root.look();
            }
        }
    }

    /** The folder of a log that is not open, made if there is none. */
    Path findOrCreate(LogId id) throws IOException {
        Search search = search(id);
        Path found = search.found();
        if (found != null) {
            return LogFolders.isAside(found) ? moveToItsPlace(id, found) : found;
        }
        if (search.leftIn() != null) {
            throw new StorageException("the log " + id + " is in the data folder " + search.leftIn()
                    + ", which log.dirs does not name any more: name it again, or delete the topic");
        }
        Optional<Path> begun = findBegun(id);
        return begun.isPresent() ? begun.get() : create(id);
    }

    /** The folder of a log that was there and failed. */
    Path findAgain(LogId id) throws IOException {
        Path found = search(id).found();
        if (found == null) {
            throw new StorageException("the folder of the log " + id + " is gone from "
                    + roots.stream().map(DataFolder::path).toList()
                    + ": bring it back, the broker goes on by itself; or delete the topic");
        }
        return found;
    }

    /**
     * What came of the search for a log.
     *
     * @param leftIn the data folder that it is in if the configuration does not name that any more
     */
    private record Search(@Nullable Path found, @Nullable String leftIn) {}

    /** @throws FailedFolderException if it may be where nobody can look now */
    private Search search(LogId id) throws IOException {
        List<DataFolder> searched = new ArrayList<>(usable());
        Path found = findIn(searched, id);
        if (found == null) {
            // A data folder may be back, or gone with all that was in it.
            List<DataFolder> usable = roots.stream().filter(DataFolder::look).toList();
            List<DataFolder> others =
                    usable.stream().filter(root -> !searched.contains(root)).toList();
            found = findIn(others, id);
            searched.retainAll(usable);
            searched.addAll(others);
        }
        return found == null ? new Search(null, requireNotInFailed(id, searched)) : new Search(found, null);
    }

    /** Gives the data folder that the log is in, if that is none of ours. */
    private @Nullable String requireNotInFailed(LogId id, List<DataFolder> searched) throws IOException {
        List<DataFolder> others =
                roots.stream().filter(root -> !searched.contains(root)).toList();
        if (others.contains(roots.get(0))) {
            throw failed(roots.get(0));
        }
        LogPlaces file = places;
        if (file == null) {
            return null;
        }
        Set<String> names =
                searched.stream().map(root -> root.path().toString()).collect(Collectors.toSet());
        String place = file.placeOf(id, names, others.isEmpty());
        for (DataFolder other : others) {
            if (other.path().toString().equals(place)) {
                throw failed(other);
            }
        }
        return place;
    }

    private static FailedFolderException failed(DataFolder root) {
        String reason = root.failure();
        return new FailedFolderException(
                reason == null ? "the data folder " + root.path() + " has just come back: try again" : reason, null);
    }

    /** @throws FailedFolderException if it is not found, and a data folder has failed meanwhile */
    private static @Nullable Path findIn(List<DataFolder> searched, LogId id) throws IOException {
        FailedFolderException unknown = null;
        for (DataFolder root : searched) {
            try {
                for (Path candidate : places(root.path(), id)) {
                    if (isFolder(candidate) && Optional.of(id.topicId()).equals(TopicIdFile.read(candidate))) {
                        return candidate;
                    }
                }
            } catch (IOException failure) {
                if (root.look()) {
                    throw failure;
                }
                unknown = failed(root);
            }
        }
        if (unknown != null) {
            throw unknown;
        }
        return null;
    }

    private static List<Path> places(Path root, LogId id) {
        return List.of(root.resolve(id.toString()), LogFolders.aside(root, id));
    }

    /** An error is not taken for an answer. */
    private static boolean isFolder(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    /** A folder without an id is one whose making a crash cut short, since the id is durable before anything else is in it. */
    private Optional<Path> findBegun(LogId id) throws IOException {
        for (DataFolder root : usable()) {
            for (Path candidate : places(root.path(), id)) {
                if (isFolder(candidate) && TopicIdFile.read(candidate).isEmpty()) {
                    if (LogFolders.sizeInBytes(candidate) > 0) {
                        throw new StorageException("the folder " + candidate + " holds records, but no file "
                                + TopicIdFile.NAME + " that says whose they are: move it away, or write that file");
                    }
                    notePlace(id, root);
                    TopicIdFile.write(candidate, id.topicId());
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    /** Of logs in the first folder nothing is said. */
    private void notePlace(LogId id, DataFolder root) throws IOException {
        LogPlaces file = places;
        if (file != null && !root.equals(roots.get(0))) {
            file.note(id, root.path());
        }
    }

    /** In the data folder with the fewest logs; if that takes none, as a full disk does, in the next one. */
    private Path create(LogId id) throws IOException {
        Iterator<DataFolder> candidates = byCount().iterator();
        while (true) {
            DataFolder root = candidates.next();
            Path folder = isNameTaken(id)
                    ? LogFolders.aside(root.path(), id)
                    : root.path().resolve(id.toString());
            try {
                make(root, folder, id);
                return folder;
            } catch (IOException refused) {
                if (!candidates.hasNext() || !takeBack(folder)) {
                    throw refused;
                }
                LOG.log(Level.WARNING, "the data folder {0} takes no new logs: {1}", root.path(), refused);
            }
        }
    }

    private void make(DataFolder root, Path folder, LogId id) throws IOException {
        notePlace(id, root);
        if (!folder.getParent().equals(root.path())) {
            Files.createDirectories(folder.getParent());
        }
        Files.createDirectory(folder);
        TopicIdFile.write(folder, id.topicId());
        for (Path parent = folder.getParent(); parent.startsWith(root.path()); parent = parent.getParent()) {
            AtomicFile.forceFolder(FileOperations.SYSTEM, parent);
        }
        synchronized (this) {
            logCounts.merge(root.path(), 1, Integer::sum);
        }
    }

    /** Removes what was begun; false if it may be, or come back, as the folder of that log. */
    private boolean takeBack(Path folder) {
        try {
            if (isFolder(folder)) {
                if (TopicIdFile.read(folder).isPresent() || LogFolders.sizeInBytes(folder) > 0) {
                    return false;
                }
                DeletedFolders.remove(folder);
            }
            return true;
        } catch (IOException | StorageException unknown) {
            return false;
        }
    }

    private boolean isNameTaken(LogId id) {
        return usable().stream().anyMatch(root -> Files.exists(root.path().resolve(id.toString())));
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

    private synchronized List<DataFolder> byCount() throws IOException {
        List<DataFolder> candidates = new ArrayList<>(usable());
        if (candidates.size() > 1) {
            for (DataFolder root : candidates) {
                if (!logCounts.containsKey(root.path())) {
                    logCounts.put(root.path(), LogFolders.logsIn(root.path()).size());
                }
            }
            candidates.sort(Comparator.comparing(root -> logCounts.getOrDefault(root.path(), 0)));
        }
        return candidates;
    }

    /**
     * Takes a log's folder out of the way; its files are still there.
     *
     * @return the folder to {@linkplain DeletedFolders#remove remove} as soon as its name is durable; empty if there is no such log
     */
    Optional<Path> takeAway(LogId id) throws IOException {
        Path own = search(id).found();
        Optional<Path> found = own == null ? findBegun(id) : Optional.of(own);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Path deleted = DeletedFolders.takeAway(found.get());
        synchronized (this) {
            logCounts.clear();
        }
        return Optional.of(deleted);
    }

    /** The folder of a log was taken away, durably. */
    void noteDeleted(LogId id) throws IOException {
        LogPlaces file = places;
        if (file != null) {
            file.noteDeleted(id);
        }
    }

    /** Removes what was deleted before the engine was opened and is still there. */
    void removeLeftovers() throws IOException {
        for (DataFolder root : usable()) {
            DeletedFolders.removeAllIn(root.path());
        }
    }

    /** Takes note of logs that came into a data folder by other means, as those do that were adopted, or moved by hand. */
    void notePlaces() throws IOException {
        LogPlaces file = places;
        if (file == null) {
            return;
        }
        for (DataFolder root : usable()) {
            if (!root.equals(roots.get(0))) {
                Set<String> known = file.logsIn(root.path());
                file.noteAll(
                        LogFolders.logsIn(root.path(), name -> !known.contains(name))
                                .keySet(),
                        root.path());
            }
        }
        if (usable().equals(roots)) {
            file.tidyUp();
        }
    }
}
