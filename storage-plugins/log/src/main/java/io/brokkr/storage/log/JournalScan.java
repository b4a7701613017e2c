package io.brokkr.storage.log;

import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
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

    /**
     * Where an entry stands.
     *
     * @param file the index in {@link #files}
     */
    record Place(int file, long number, long at, int sizeInBytes) {
        /** Whether a log in that state needs the entry. */
        boolean countsFor(LogState state) {
            return number >= state.journalNumber();
        }
    }

    private final FileOperations operations;
    private final List<Found> files = new ArrayList<>();

    /** By log, in the order in which they were written. */
    private final Map<LogKey, List<Place>> places = new HashMap<>();

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
            if (files.get(i).header() != null) {
                buffer = buffer == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : buffer;
                read(i, files.get(i), buffer);
            }
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

    private static void readFully(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
        long position = from;
        while (bytes.hasRemaining()) {
            int count = channel.read(bytes, position);
            if (count < 0) {
                return;
            }
            position += count;
        }
    }

    private void read(int index, Found file, ByteBuffer buffer) {
        try (FileChannel channel = operations.open(file.path(), StandardOpenOption.READ)) {
            new Walk(index, file, channel, buffer).run();
        } catch (IOException unreadable) {
            throw unreadable(file.path(), unreadable);
        }
    }

    /** Through one file. */
    private final class Walk {

        private final int index;
        private final long salt;
        private final FileChannel channel;
        private final ByteBuffer buffer;
        private long bufferAt;
        private long lastNumber;

        Walk(int index, Found file, FileChannel channel, ByteBuffer buffer) {
            this.index = index;
            JournalFormat.FileHeader header = file.header();
            this.salt = header == null ? 0 : header.salt();
            this.lastNumber = file.ordinal();
            this.channel = channel;
            this.buffer = buffer.limit(0);
        }

        void run() throws IOException {
            nextNumber = Math.max(nextNumber, lastNumber + 1);
            long position = JournalFormat.BLOCK_BYTES;
            while (true) {
                JournalFormat.EntryHeader entry = entryAt(position);
                if (entry == null) {
                    position = JournalFormat.nextBlock(position);
                    entry = entryAt(position);
                }
                if (entry == null || entry.number() <= lastNumber) {
                    return;
                }
                lastNumber = entry.number();
                nextNumber = Math.max(nextNumber, lastNumber + 1);
                places.computeIfAbsent(entry.log(), any -> new ArrayList<>())
                        .add(new Place(index, lastNumber, position, entry.sizeInBytes()));
                position += entry.sizeInBytes();
            }
        }

        private JournalFormat.@Nullable EntryHeader entryAt(long position) throws IOException {
            if (!isThere(position, JournalFormat.ENTRY_HEADER_BYTES)) {
                return null;
            }
            int size = JournalFormat.claimedSize(buffer, (int) (position - bufferAt), salt);
            return size > 0 && isThere(position, size)
                    ? JournalFormat.readEntry(buffer, (int) (position - bufferAt))
                    : null;
        }

        private boolean isThere(long position, int size) throws IOException {
            if (position < bufferAt || position + size > bufferAt + buffer.limit()) {
                bufferAt = position;
                readFully(channel, buffer.clear(), position);
                buffer.flip();
            }
            return buffer.limit() >= position - bufferAt + size;
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

    /** The entries of all logs, in their order. */
    Map<LogKey, List<Place>> places() {
        return places;
    }

    /** Whether there are entries of a log that its state file does not make void. */
    boolean isNeededBy(LogKey log, LogState state) {
        return places.getOrDefault(log, List.of()).stream().anyMatch(place -> place.countsFor(state));
    }

    /**
     * Writes what entries hold where it belongs. Nothing is durable by that.
     *
     * @param entries of one log, those that its state makes void among them
     * @param folder the log's
     */
    static void apply(FileOperations operations, List<Found> files, List<Place> entries, Path folder, LogState state)
            throws IOException {
        try (LastOpened sources = new LastOpened(operations, StandardOpenOption.READ);
                LastOpened targets = new LastOpened(operations, StandardOpenOption.WRITE)) {
            for (Place place : entries) {
                if (place.countsFor(state)) {
                    apply(files.get(place.file()).path(), place, sources, folder, targets);
                }
            }
        }
    }

    private static void apply(Path source, Place place, LastOpened sources, Path folder, LastOpened targets)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(place.sizeInBytes());
        readFully(sources.of(source), bytes, place.at());
        JournalFormat.EntryHeader entry = bytes.hasRemaining() ? null : JournalFormat.readEntry(bytes.flip(), 0);
        if (entry == null) {
            throw new IOException("the journal file " + source + " was changed while it was read");
        }
        Path file = folder.resolve(Segment.nameOf(entry.baseOffset()) + Segment.LOG_SUFFIX);
        FileChannel target;
        try {
            target = targets.of(file);
        } catch (NoSuchFileException gone) {
            throw new CorruptLogException("the folder " + folder + " lacks the file " + file.getFileName()
                    + ", which the journal file " + source
                    + " holds the end of: restore the folder from a copy, or move it away to begin with an empty log");
        }
        bytes.position(JournalFormat.ENTRY_HEADER_BYTES);
        long position = entry.position();
        while (bytes.hasRemaining()) {
            position += target.write(bytes, position);
        }
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
