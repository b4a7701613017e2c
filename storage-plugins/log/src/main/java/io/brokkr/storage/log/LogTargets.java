package io.brokkr.storage.log;

import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The folders of logs that a command is about. No broker has them open until this is closed. */
final class LogTargets implements AutoCloseable {

    private final FolderLocks locks = new FolderLocks();
    private final List<Path> logs = new ArrayList<>();

    /**
     * Of folders of logs and of data folders; of those that the configuration names if there are none.
     *
     * @throws ToolUsageException if a folder is neither
     * @throws StorageException if a broker uses one, or one cannot be used
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
                logs.addAll(LogFolders.logFoldersIn(Path.of(location.name())));
            }
            return;
        }
        for (Path folder : folders) {
            add(folder);
        }
    }

    private void add(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new ToolUsageException(folder + " is no folder");
        }
        if (!LogLoader.baseOffsetsIn(folder).isEmpty()) {
            locks.lock(LogFolders.rootOf(folder));
            logs.add(folder);
            return;
        }
        locks.lock(folder);
        List<Path> inside = LogFolders.logFoldersIn(folder);
        if (inside.isEmpty()) {
            throw new ToolUsageException("there is no log in " + folder);
        }
        logs.addAll(inside);
    }

    List<Path> logs() {
        return List.copyOf(logs);
    }

    @Override
    public void close() {
        locks.close();
    }
}
