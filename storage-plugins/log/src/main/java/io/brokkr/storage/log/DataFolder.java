package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One of the data folders. It may fail, at the start or later, and come back; the operator is told of both. Nobody touches one that has failed but by {@link #look}.
 * Thread-safe.
 */
final class DataFolder {

    private static final Logger LOG = System.getLogger(DataFolder.class.getName());

    private static final String FORMAT_FILE = "brokkr-log-format";
    private static final int FORMAT_VERSION = 1;

    /** Remembers which folders are used. */
    @FunctionalInterface
    interface UseNote {
        void inUse(Path path) throws IOException;
    }

    private static final String NOT_LOOKED_AT = "it was not looked at";

    private final Path path;
    private final Consumer<Path> claim;
    private final Consumer<Path> open;
    private final UseNote note;

    /** Whether it was used before, so that its format must be there; under the monitor. */
    private boolean isInUse;

    private volatile @Nullable String failure = NOT_LOOKED_AT;

    /**
     * Looks at nothing.
     *
     * @param isInUse whether there is a format in it
     * @param claim gets the folder for this broker, or throws {@link StorageException}
     * @param open reads what must be read before any log in it is, or throws {@link StorageException}
     * @param note is told when there is a format in it, and before there is anything else
     */
    DataFolder(Path path, boolean isInUse, Consumer<Path> claim, Consumer<Path> open, UseNote note) {
        this.path = path;
        this.isInUse = isInUse;
        this.claim = claim;
        this.open = open;
        this.note = note;
    }

    Path path() {
        return path;
    }

    /** Why it cannot be used, as far as anybody has noticed; null if it can. */
    @Nullable
    String failure() {
        return failure;
    }

    boolean isUsable() {
        return failure == null;
    }

    /** Finds out whether it can be used, and tells the operator if that is not as it was before. Waits for the device. */
    synchronized boolean look() {
        String before = failure;
        try {
            if (isInUse) {
                // First, so that nothing is made where a disk is missing.
                checkFormat();
            }
            if (before != null) {
                claim.accept(path);
            }
            if (!isInUse) {
                checkFormat();
                note.inUse(path);
                isInUse = true;
            }
            if (before != null) {
                open.accept(path);
            }
            failure = null;
            if (before != null && !before.equals(NOT_LOOKED_AT)) {
                LOG.log(Level.INFO, "the data folder {0} can be used again", path);
            }
            return true;
        } catch (StorageException unusable) {
            fail(String.valueOf(unusable.getMessage()));
        } catch (IOException unusable) {
            fail("the data folder " + path + " cannot be used: " + unusable.getMessage() + "; see to its disk");
        }
        return false;
    }

    private void fail(String reason) {
        if (!reason.equals(failure)) {
            failure = reason;
            LOG.log(
                    Level.ERROR,
                    "{0}. Until it is usable, which the broker notices by itself, its partitions answer KAFKA_STORAGE_ERROR",
                    reason);
        }
    }

    /** @throws FailedFolderException if it has failed */
    void requireUsable() {
        String reason = failure;
        if (reason != null) {
            throw new FailedFolderException(reason, null);
        }
    }

    private void checkFormat() throws IOException {
        Path file = path.resolve(FORMAT_FILE);
        String current = "version: " + FORMAT_VERSION + "\n";
        Optional<byte[]> found = AtomicFile.read(file);
        if (found.isEmpty() && isInUse) {
            throw new StorageException("the data folder " + path + " is gone, or " + file
                    + " is: bring it back; if a new disk took its place, write «" + current.strip()
                    + "» into that file");
        }
        if (found.isEmpty()) {
            AtomicFile.write(FileOperations.SYSTEM, file, ByteBuffer.wrap(current.getBytes(StandardCharsets.UTF_8)));
            return;
        }
        String text = new String(found.get(), StandardCharsets.UTF_8);
        if (!text.matches("version: [0-9]+\n")) {
            throw new StorageException("the file " + file + " is damaged: it should hold «" + current.strip()
                    + "», or a later version if a newer Brokkr wrote the folder");
        }
        if (!text.equals(current)) {
            throw new StorageException("the data folder " + path + " has the format «" + text.strip() + "» ("
                    + file + "), and this Brokkr knows no later one than version " + FORMAT_VERSION
                    + ": start the newer Brokkr that wrote it, or name another folder in log.dirs");
        }
    }
}
