package io.brokkr.storage.log;

import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the journal of a data folder holds that a broker has left behind: read through once, and then known by the places of its entries. Changes nothing. */
final class JournalScan {

    private static final Logger LOG = System.getLogger(JournalScan.class.getName());

    private static final int BUFFER_BYTES = 1 << 20;

    /**
     * A file of the journal.
     *
     * @param header null if it has none, and so nothing else
     */
    record Found(Path path, JournalFormat.@Nullable FileHeader header) {
        long ordinal() {
            return header == null ? -1 : header.ordinal();
        }
    }

    private final FileOperations operations;
    private final List<Found> files = new ArrayList<>();

    /** By log, in the order in which they were written. */
    private final Map<LogKey, JournalPlaces> places = new HashMap<>();

    private long nextNumber;

    /**
     * Reads a journal.
     *
     * @throws StorageException if it cannot be read, or a newer Brokkr wrote it
     */
    JournalScan(Path root, FileOperations operations) {
        this.operations = operations;
        ByteBuffer buffer = null;
        for (int i = 1; i <= Journal.MOST_FILES; i++) {
            Path path = root.resolve(Journal.FILE_PREFIX + i);
            if (Files.exists(path)) {
                files.add(new Found(path, readHeader(path)));
            }
        }
        files.sort(Comparator.comparingLong(Found::ordinal));
        for (int i = 0; i < files.size(); i++) {
            JournalFormat.FileHeader header = files.get(i).header();
            if (header == null) {
                tellIfNotEmpty(files.get(i).path());
            } else {
                buffer = buffer == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : buffer;
                read(i, header, buffer);
            }
        }
    }

    /** A file that was begun and came to no round yet has nothing behind its header. */
    private static void tellIfNotEmpty(Path path) {
        try {
            if (Files.size(path) > JournalFormat.BLOCK_BYTES) {
                LOG.log(
                        Level.WARNING,
                        "the journal file {0} has no sound beginning, as after a loss of power in its first round, or of a disk that changed it; nothing in it counts, and logs that had"
                                + " something synced there lack it unless it is in their own files",
                        path);
            }
        } catch (IOException unreadable) {
            throw unreadable(path, unreadable);
        }
    }

    private JournalFormat.@Nullable FileHeader readHeader(Path path) {
        ByteBuffer bytes = ByteBuffer.allocate(JournalFormat.FILE_HEADER_BYTES);
        try (FileChannel channel = operations.open(path, StandardOpenOption.READ)) {
            readFully(channel, bytes, 0);
        } catch (IOException unreadable) {
            throw unreadable(path, unreadable);
        }
        JournalFormat.FileHeader header = JournalFormat.FileHeader.read(bytes.flip());
        if (header != null && header.version() > JournalFormat.VERSION) {
            throw new StorageException("the journal file " + path + " is of version " + header.version()
                    + ", and this Brokkr knows no later one than " + JournalFormat.VERSION
                    + ": start and stop the newer Brokkr that wrote it");
        }
        return header;
    }

    private static StorageException unreadable(Path path, IOException cause) {
        return new StorageException(
                "the journal file " + path + " cannot be read (" + cause.getMessage()
                        + "): let the broker's user read it. It holds what was synced last; only if that may be lost, move it away",
                cause);
    }

    static void readFully(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
        long position = from;
        while (bytes.hasRemaining()) {
            int count = channel.read(bytes, position);
            if (count < 0) {
                return;
            }
            position += count;
        }
    }

    private void read(int index, JournalFormat.FileHeader header, ByteBuffer buffer) {
        Path path = files.get(index).path();
        try (FileChannel channel = operations.open(path, StandardOpenOption.READ)) {
            JournalWalk walk = new JournalWalk(channel, header, buffer);
            walk.run((entry, position) -> places.computeIfAbsent(entry.log(), any -> new JournalPlaces())
                    .add(index, entry.number(), position));
            nextNumber = Math.max(nextNumber, walk.lastNumber() + 1);
            if (walk.damageAt() >= 0) {
                LOG.log(
                        Level.WARNING,
                        "the journal file {0} is damaged from position {1} on; what is sound behind that counts, and logs that had something synced there lack it"
                                + " unless it is in their own files",
                        path,
                        Long.toString(walk.damageAt()));
            }
        } catch (IOException unreadable) {
            throw unreadable(path, unreadable);
        }
    }

    /** In the order in which they were begun; those with nothing in them first. */
    List<Found> files() {
        return files;
    }

    /** Higher than that of any entry. */
    long nextNumber() {
        return nextNumber;
    }

    /** The entries of all logs. */
    Map<LogKey, JournalPlaces> places() {
        return places;
    }

    /** Whether there are entries of a log that its state file does not make void. */
    boolean isNeededBy(LogKey log, LogState state) {
        JournalPlaces ofLog = places.get(log);
        return ofLog != null && ofLog.isNeededBy(state);
    }

    /**
     * Writes what entries hold where it belongs. Nothing is durable by that.
     *
     * @param entries of one log, those that its state makes void among them
     * @param folder the log's
     */
    static void apply(FileOperations operations, List<Found> files, JournalPlaces entries, Path folder, LogState state)
            throws IOException {
        try (LastOpened sources = new LastOpened(operations, StandardOpenOption.READ);
                LastOpened targets = new LastOpened(operations, StandardOpenOption.WRITE)) {
            for (int i = 0; i < entries.count(); i++) {
                if (entries.countsFor(state, i)) {
                    apply(files.get(entries.file(i)), entries.position(i), sources, folder, targets);
                }
            }
        }
    }

    private static void apply(Found source, long at, LastOpened sources, Path folder, LastOpened targets)
            throws IOException {
        ByteBuffer bytes = read(source, at, sources.of(source.path()));
        JournalFormat.EntryHeader entry = bytes == null ? null : JournalFormat.readEntry(bytes, 0);
        if (bytes == null || entry == null) {
            throw new IOException("the journal file " + source.path() + " was changed while it was read");
        }
        Path file = folder.resolve(Segment.nameOf(entry.baseOffset()) + Segment.LOG_SUFFIX);
        FileChannel target;
        try {
            target = targets.of(file);
        } catch (NoSuchFileException gone) {
            throw new CorruptLogException("the folder " + folder + " lacks the file " + file.getFileName()
                    + ", which the journal file " + source.path()
                    + " holds the end of: restore the folder from a copy, or move it away to begin with an empty log");
        }
        bytes.position(JournalFormat.ENTRY_HEADER_BYTES);
        long position = entry.position();
        while (bytes.hasRemaining()) {
            position += target.write(bytes, position);
        }
    }

    /** All bytes of the entry at a position; null if none is there. */
    private static @Nullable ByteBuffer read(Found source, long at, FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(JournalFormat.ENTRY_HEADER_BYTES);
        readFully(channel, start, at);
        JournalFormat.FileHeader header = source.header();
        int size = header == null || start.hasRemaining() ? 0 : JournalFormat.claimedSize(start, 0, header.salt());
        ByteBuffer bytes = ByteBuffer.allocate(size);
        readFully(channel, bytes, at);
        return size == 0 || bytes.hasRemaining() ? null : bytes.flip();
    }

    /** Keeps open the file that was asked for last, since the next entry mostly wants the same. */
    private static final class LastOpened implements AutoCloseable {

        private final FileOperations operations;
        private final StandardOpenOption option;
        private @Nullable Path path;
        private @Nullable FileChannel channel;

        LastOpened(FileOperations operations, StandardOpenOption option) {
            this.operations = operations;
            this.option = option;
        }

        FileChannel of(Path wanted) throws IOException {
            FileChannel open = channel;
            if (open == null || !wanted.equals(path)) {
                close();
                open = operations.open(wanted, option);
                channel = open;
                path = wanted;
            }
            return open;
        }

        @Override
        public void close() throws IOException {
            FileChannel open = channel;
            channel = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
