package io.brokkr.core;

import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folders for data. Each is made where it does not exist, and locked for one broker, before it is used: the first one at the start, which fails without it, since
 * the metadata is there, and the others when a storage asks for them. Thread-safe.
 *
 * <p>Two files in each are the broker's own:
 *
 * <pre>
 *   .lock              locked while a broker runs; holds the number of its process
 *   brokkr.properties  version=1, the version of the folder's layout
 * </pre>
 */
final class DataFolders implements AutoCloseable {

    /** Grows when an older broker could no longer make sense of what a newer one writes. */
    static final int LAYOUT_VERSION = 1;

    private static final String LOCK_FILE = ".lock";
    private static final String LAYOUT_FILE = "brokkr.properties";

    private final List<Path> folders;
    private final Map<Path, FileChannel> locks = new HashMap<>();

    private DataFolders(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /**
     * Looks at the names, and takes the first folder.
     *
     * @throws StartException that names the folder, if the first one cannot be used, or if two names mean one folder; then none is locked
     */
    static DataFolders open(List<String> names) {
        List<Path> folders = names.stream().map(DataFolders::absolute).toList();
        if (folders.isEmpty()) {
            throw new StartException("log.dirs names no folder");
        }
        DataFolders opened = new DataFolders(folders);
        try {
            opened.requireMetadata();
            opened.requireUsable(folders.get(0));
            opened.requireDifferent();
            return opened;
        } catch (IOException | RuntimeException failure) {
            opened.close();
            throw failure instanceof StartException known ? known : new StartException(failure.getMessage(), failure);
        }
    }

    private static Path absolute(String name) {
        try {
            Path folder = Path.of(name).toAbsolutePath().normalize();
            if (folder.getParent() == null) {
                throw new StartException(
                        "log.dirs names " + folder + ", the root of the file system: name a folder in it");
            }
            return folder;
        } catch (InvalidPathException noPath) {
            throw new StartException("log.dirs names «" + name + "», which is no path: " + noPath.getReason(), noPath);
        }
    }

    /** An empty first folder beside others that are in use is one whose disk is missing, or a new one. */
    private void requireMetadata() {
        Path layout = folders.get(0).resolve(LAYOUT_FILE);
        for (Path other : folders) {
            if (!Files.exists(layout) && Files.exists(other.resolve(LAYOUT_FILE))) {
                throw new StartException(
                        layout + " is missing, while " + other
                                + " was used before: bring it back, with its disk if that is not mounted; name a new folder behind the others in log.dirs");
            }
        }
    }

    private void requireDifferent() throws IOException {
        Set<Path> seen = new HashSet<>();
        for (Path folder : folders) {
            if (!seen.add(Files.exists(folder) ? folder.toRealPath() : folder)) {
                throw new StartException("log.dirs names the folder " + folder + " twice, or under two names");
            }
        }
    }

    /** Absolute paths, in the order of the configuration. */
    List<Path> paths() {
        return folders;
    }

    /** As {@link io.brokkr.spi.storage.StorageContext#requireUsable}. */
    synchronized void requireUsable(Path folder) {
        try {
            Files.createDirectories(folder);
            lock(folder);
            checkLayout(folder);
        } catch (IOException failure) {
            throw new StorageException(
                    "the data folder " + folder + " cannot be written: " + failure
                            + "; see to its disk, and let the broker's user write there",
                    failure);
        }
    }

    /** Anew even if it is locked: the folder may have come back with another disk. */
    private void lock(Path folder) throws IOException {
        close(locks.remove(folder));
        Path file = folder.resolve(LOCK_FILE);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        locks.put(folder, channel);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            lock = null;
        }
        if (lock == null) {
            String process = Files.readString(file).strip();
            throw new StorageException("the data folder " + folder + " is in use by another broker"
                    + (process.isEmpty() ? "" : " (process " + process + ")")
                    + "; stop that one, or give this one a folder of its own with log.dirs");
        }
        String process = Long.toString(ProcessHandle.current().pid());
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(process.getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private static void checkLayout(Path folder) throws IOException {
        Path file = folder.resolve(LAYOUT_FILE);
        if (!Files.exists(file)) {
            writeLayout(folder, file);
            return;
        }
        String text = Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        String version = text.strip().replaceFirst("^version=", "");
        if (!version.matches("[0-9]{1,9}")) {
            throw new StorageException(file + " does not say the version of the folder; it should hold version="
                    + LAYOUT_VERSION + " or whatever the broker was that wrote the folder");
        }
        if (Integer.parseInt(version) > LAYOUT_VERSION) {
            throw new StorageException(
                    "the data folder " + folder + " was written by a newer Brokkr: its layout has the version "
                            + version + ", and this one knows versions up to " + LAYOUT_VERSION
                            + "; start the newer one, or name another folder in log.dirs");
        }
    }

    /** Under another name first, so that there is never half a file under this one. */
    private static void writeLayout(Path folder, Path file) throws IOException {
        Path unfinished = folder.resolve(LAYOUT_FILE + ".tmp");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            channel.write(ByteBuffer.wrap(("version=" + LAYOUT_VERSION + "\n").getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Gives the locks back. */
    @Override
    public synchronized void close() {
        locks.values().forEach(DataFolders::close);
        locks.clear();
    }

    private static void close(@Nullable FileChannel lock) {
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException alreadyGone) {
                // The lock ends with the process at the latest.
            }
        }
    }
}
