package io.brokkr.storage.log;

import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;

/** The folders of logs that a command is about. No broker has them open until this is closed. */
final class LogTargets implements AutoCloseable {

    private final FolderLocks locks = new FolderLocks();
    private final List<Path> logs = new ArrayList<>();
    private final Map<Path, JournalScan> journals = new HashMap<>();

    /**
     * Of folders of logs and of data folders; of those that the configuration names if there are none.
     *
     * @throws ToolUsageException if a folder is neither
     * @throws StorageException if a broker uses one, or did not stop in order, or one cannot be used
     */
    LogTargets(List<Path> folders, CommandLineContext context) throws IOException {
        if (folders.isEmpty()) {
            StorageEngine engine = context.openBroker().storageEngines().get(LogStorageEngineFactory.NAME);
            for (StorageLocation location :
                    engine.locations().toCompletableFuture().join()) {
                String failure = location.failure();
                if (failure != null) {
                    throw new StorageException(failure);
                }
                addAll(LogFolders.logFoldersIn(Path.of(location.name())));
            }
            return;
        }
        try {
            for (Path folder : folders) {
                add(folder);
            }
        } catch (IOException | RuntimeException refused) {
            locks.close();
            throw refused;
        }
    }

    private void add(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new ToolUsageException(folder + " is no folder");
        }
        if (!LogLoader.baseOffsetsIn(folder).isEmpty()) {
            locks.lock(LogFolders.rootOf(folder));
            addAll(List.of(folder));
            return;
        }
        locks.lock(folder);
        List<Path> inside = LogFolders.logFoldersIn(folder);
        if (inside.isEmpty()) {
            throw new ToolUsageException("there is no log in " + folder);
        }
        addAll(inside);
    }

    private void addAll(List<Path> folders) throws IOException {
        for (Path folder : folders) {
            Path root = LogFolders.rootOf(folder);
            JournalScan journal = journals.computeIfAbsent(root, any -> new JournalScan(root, FileOperations.SYSTEM));
            if (isNeeded(journal, folder)) {
                throw new StorageException("the log in " + folder + " is not whole without the journal, the files "
                        + Journal.FILE_PREFIX + "* in " + root
                        + ", since the broker did not stop in order: start and stop it first");
            }
            logs.add(folder);
        }
    }

    /** A log whose id or state is not known gets nothing from the journal. */
    private static boolean isNeeded(JournalScan journal, Path folder) throws IOException {
        Matcher name = LogFolders.LOG_NAME.matcher(folder.getFileName().toString());
        if (journal.places().isEmpty() || !name.matches()) {
            return false;
        }
        try {
            int partition = Integer.parseInt(name.group(2));
            Optional<UUID> topic = TopicIdFile.read(folder);
            Optional<LogState> state = LogState.read(folder);
            return topic.isPresent()
                    && state.isPresent()
                    && journal.isNeededBy(new LogKey(topic.get(), partition), state.get());
        } catch (StorageException damaged) {
            return false;
        }
    }

    List<Path> logs() {
        return List.copyOf(logs);
    }

    @Override
    public void close() {
        locks.close();
    }
}
