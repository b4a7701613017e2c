package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps brokers off data folders that no broker of this process has opened: by the file {@code .lock}, which Apache Kafka locks in the same way. A folder without that file was never a broker's.
 */
final class FolderLocks implements AutoCloseable {

    private static final String FILE = ".lock";

    private final Map<Path, FileChannel> channels = new HashMap<>();

    /**
     * Locks a data folder, unless it is locked already.
     *
     * @throws StorageException if a broker or another tool uses it
     */
    void lock(Path dataFolder) {
        Path file = dataFolder.resolve(FILE);
        if (channels.containsKey(dataFolder) || !Files.exists(file)) {
            return;
        }
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channels.put(dataFolder, channel);
            if (channel.tryLock() == null) {
                throw inUse(dataFolder);
            }
        } catch (OverlappingFileLockException ofThisProcess) {
            throw inUse(dataFolder);
        } catch (IOException failure) {
            throw new StorageException("the data folder " + dataFolder + " cannot be locked: " + failure, failure);
        }
    }

    private static StorageException inUse(Path dataFolder) {
        return new StorageException("the data folder " + dataFolder + " is in use by a broker; stop that one first");
    }

    @Override
    public void close() {
        for (FileChannel channel : channels.values()) {
            try {
                channel.close();
            } catch (IOException alreadyGone) {
                // The lock ends with the process at the latest.
            }
        }
    }
}
