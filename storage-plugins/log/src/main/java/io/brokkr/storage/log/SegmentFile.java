package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A {@code .log} file that is open as long as somebody uses it, and for a while afterwards, as {@link OpenFiles} sees fit. It is opened once, for readers and
 * writers; where nothing can be written, as on a disk that takes no writes, for readers alone. Thread-safe.
 */
final class SegmentFile {

    private final OpenFiles files;
    private final Path path;
    private @Nullable FileChannel channel;

    /** Whether {@link #channel} is for readers alone. */
    private boolean isReadOnly;

    /** For readers alone, who may still use it; in place of it there is another one, since writing has become possible. */
    private @Nullable FileChannel outdated;

    private int users;
    private boolean isRetired;

    SegmentFile(OpenFiles files, Path path) {
        this.files = files;
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** Makes the file, empty, and acquires it. */
    synchronized FileChannel create() throws IOException {
        isReadOnly = false;
        return use(files.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    }

    /** The open file, to be {@linkplain #release released} once. It stays readable until then, even when it is deleted. */
    synchronized FileChannel acquire() throws IOException {
        FileChannel open = channel;
        if (open != null && open.isOpen()) {
            return use(open);
        }
        try {
            return openForWriting();
        } catch (IOException refused) {
            return openForReading(refused);
        }
    }

    /** As {@link #acquire}; fails if the file cannot be written. */
    synchronized FileChannel acquireForWriting() throws IOException {
        FileChannel open = channel;
        if (open == null || !open.isOpen()) {
            return openForWriting();
        }
        if (!isReadOnly) {
            return use(open);
        }
        FileChannel writable = openForWriting();
        // There is none yet: what can be written stays open for writing.
        outdated = open;
        return writable;
    }

    private FileChannel openForWriting() throws IOException {
        FileChannel opened = files.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        isReadOnly = false;
        return use(opened);
    }

    private FileChannel openForReading(IOException refused) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw refused;
        }
        FileChannel opened = files.open(path, StandardOpenOption.READ);
        isReadOnly = true;
        return use(opened);
    }

    private FileChannel use(FileChannel open) {
        channel = open;
        users++;
        return open;
    }

    /**
     * Puts a copy of the beginning in the place of the file. Those who have it open keep the old one.
     *
     * @param source the file, which the caller has acquired
     */
    void replaceByCopy(FileChannel source, long sizeInBytes) throws IOException {
        Path copy = path.resolveSibling(path.getFileName() + AtomicFile.TEMPORARY_SUFFIX);
        try (FileChannel target = files.open(
                copy, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            long position = 0;
            while (position < sizeInBytes) {
                position += source.transferTo(position, sizeInBytes - position, target);
            }
            target.force(true);
        }
        files.move(copy, path);
    }

    void release() {
        synchronized (this) {
            users--;
            if (users > 0) {
                return;
            }
            if (isRetired) {
                close();
                return;
            }
        }
        files.rest(this);
    }

    /** Nobody will need the file again but those who use it now: it does not stay open for longer than they do. */
    synchronized void retire() {
        isRetired = true;
        closeIfUnused();
    }

    /** Closes the file until somebody acquires it, unless somebody has. */
    synchronized void closeIfUnused() {
        if (users == 0) {
            close();
            files.forget(this);
        }
    }

    private void close() {
        close(channel);
        close(outdated);
        channel = null;
        outdated = null;
    }

    private static void close(@Nullable FileChannel open) {
        if (open != null) {
            try {
                open.close();
            } catch (IOException ignored) {
                // What has to be durable was synced before; nothing else can fail to be closed.
            }
        }
    }

    synchronized int users() {
        return users;
    }
}
