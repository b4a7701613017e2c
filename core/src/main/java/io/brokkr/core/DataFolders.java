package io.brokkr.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders for data, made where they do not exist, and locked for one broker.
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

    private final List<Path> folders = new ArrayList<>();
    private final List<FileChannel> locks = new ArrayList<>();

    private DataFolders() {}

    /**
     * Makes, locks and checks the folders.
     *
     * @throws StartException that names the folder, if one cannot be written, is in use, or is of a newer version; then none is locked
     */
    static DataFolders open(List<Path> folders) {
        if (folders.isEmpty()) {
            throw new StartException("log.dirs names no folder");
        }
        DataFolders opened = new DataFolders();
        try {
            for (Path folder : folders) {
                opened.add(folder.toAbsolutePath().normalize());
            }
            return opened;
        } catch (IOException | RuntimeException failure) {
            opened.close();
            throw failure instanceof StartException known ? known : new StartException(failure.toString(), failure);
        }
    }

    /** Absolute paths, in the order of the configuration. */
    List<Path> paths() {
        return List.copyOf(folders);
    }

    private void add(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
            lock(folder);
            checkLayout(folder);
        } catch (FileSystemException failure) {
            throw new StartException("the data folder " + folder + " cannot be written: " + reason(failure), failure);
        }
        folders.add(folder);
    }

    private void lock(Path folder) throws IOException {
        Path file = folder.resolve(LOCK_FILE);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        locks.add(channel);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            lock = null;
        }
        if (lock == null) {
            String process = Files.readString(file).strip();
            throw new StartException("the data folder " + folder + " is in use by another broker"
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
            throw new StartException(file + " does not say the version of the folder; it should hold version="
                    + LAYOUT_VERSION + " or whatever the broker was that wrote the folder");
        }
        if (Integer.parseInt(version) > LAYOUT_VERSION) {
            throw new StartException(
                    "the data folder " + folder + " was written by a newer Brokkr: its layout has the version "
                            + version + ", and this one knows versions up to " + LAYOUT_VERSION);
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

    private static String reason(FileSystemException failure) {
        return failure.getReason() != null
                ? failure.getFile() + ": " + failure.getReason()
                : failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }

    /** Gives the locks back. */
    @Override
    public void close() {
        for (FileChannel lock : locks) {
            try {
                lock.close();
            } catch (IOException alreadyGone) {
                // The lock ends with the process at the latest.
            }
        }
        locks.clear();
    }
}
