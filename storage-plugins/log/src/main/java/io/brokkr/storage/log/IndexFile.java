package io.brokkr.storage.log;

import io.brokkr.spi.storage.CorruptLogException;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * An index of a segment: entries of equal size in ascending order, the newest of them in memory and not yet in the file. The file is open only
 * while it is used, and may be missing: a search in an index that lacks entries takes longer, and finds the same.
 *
 * <pre>
 *   .index      4  last offset of a batch, less the base offset of the segment
 *               4  the batch's position in the .log
 *
 *   .timeindex  8  the largest timestamp up to and including a batch
 *               4  the last offset of the batch that has it, less the base offset of the segment
 * </pre>
 *
 * <p>Thread-safe. Adding, flushing and cutting are for one thread at a time.
 */
final class IndexFile {

    /** How many entries gather in memory before they are written, and how many a search reads at once. */
    private static final int BLOCK_ENTRIES = 512;

    private static final int NOT_COUNTED = -1;

    /** An entry. Both numbers ascend from entry to entry; the keys strictly. */
    record Entry(long key, long value) {}

    /** What an entry looks like. */
    enum Layout {
        /** Key: relative offset. Value: position. */
        OFFSETS(".index", 4),
        /** Key: timestamp. Value: relative offset. */
        TIMES(".timeindex", 8);

        private final String suffix;
        private final int keySize;

        Layout(String suffix, int keySize) {
            this.suffix = suffix;
            this.keySize = keySize;
        }

        String suffix() {
            return suffix;
        }

        int entrySize() {
            return keySize + Integer.BYTES;
        }

        Entry get(ByteBuffer buffer, int index) {
            int at = index * entrySize();
            return new Entry(
                    keySize == Long.BYTES ? buffer.getLong(at) : buffer.getInt(at), buffer.getInt(at + keySize));
        }

        private void put(ByteBuffer buffer, Entry entry) {
            if (keySize == Long.BYTES) {
                buffer.putLong(entry.key());
            } else {
                buffer.putInt((int) entry.key());
            }
            buffer.putInt((int) entry.value());
        }
    }

    /** Tells the entries before some point from those behind it. */
    @FunctionalInterface
    private interface Before {
        boolean test(Entry entry);
    }

    /**
     * A part of the file that a search has read: who reads a log in its order finds the next entry there, too.
     *
     * @param first the number of its first entry
     */
    private record Block(int first, ByteBuffer entries, int count) {}

    private final FileOpener files;
    private final Path file;
    private final Layout layout;
    private @Nullable ByteBuffer pending;
    private int written = NOT_COUNTED;

    /** Of the last search; the collector may have it, since an index that nobody searches is to cost nothing. */
    private volatile SoftReference<@Nullable Block> lastRead = new SoftReference<>(null);

    IndexFile(FileOpener files, Path file, Layout layout) {
        this.files = files;
        this.file = file;
        this.layout = layout;
    }

    /** How many entries there are. */
    synchronized int count() throws IOException {
        return countWritten() + countPending();
    }

    private int countPending() {
        return pending == null ? 0 : pending.position() / layout.entrySize();
    }

    private int countWritten() throws IOException {
        if (written == NOT_COUNTED) {
            try {
                written = (int) (Files.size(file) / layout.entrySize());
            } catch (NoSuchFileException none) {
                written = 0;
            }
        }
        return written;
    }

    /** Adds an entry, which must be greater than the last one. */
    synchronized void add(long key, long value) throws IOException {
        if (pending == null) {
            pending = ByteBuffer.allocate(BLOCK_ENTRIES * layout.entrySize());
        }
        layout.put(pending, new Entry(key, value));
        if (!pending.hasRemaining()) {
            flush();
        }
    }

    /** Writes what has gathered in memory. */
    synchronized void flush() throws IOException {
        if (pending != null) {
            try (FileChannel channel = files.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                write(channel, pending);
            }
        }
    }

    private void write(FileChannel channel, ByteBuffer entries) throws IOException {
        long position = (long) countWritten() * layout.entrySize();
        ByteBuffer bytes = entries.flip();
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
        written = (int) (position / layout.entrySize());
        pending = null;
    }

    /** Makes all entries durable; the file exists afterwards. */
    synchronized void force() throws IOException {
        try (FileChannel channel = files.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (pending != null) {
                write(channel, pending);
            }
            channel.force(false);
        }
    }

    /** The last entry, null if there is none. */
    @Nullable
    Entry last() throws IOException {
        return lastBefore(entry -> true);
    }

    /** The last entry whose key is at or below a bound, null if there is none. */
    @Nullable
    Entry floor(long key) throws IOException {
        return lastBefore(entry -> entry.key() <= key);
    }

    private @Nullable Entry lastBefore(Before before) throws IOException {
        int inFile;
        synchronized (this) {
            inFile = countWritten();
            int found = pending == null ? 0 : countBefore(pending, countPending(), before);
            if (found > 0) {
                return layout.get(pending, found - 1);
            }
        }
        if (inFile == 0) {
            return null;
        }
        Block block = lastRead.get();
        if (block != null) {
            int found = countBefore(block.entries(), block.count(), before);
            if (found > 0 && (found < block.count() || block.first() + block.count() == inFile)) {
                return layout.get(block.entries(), found - 1);
            }
        }
        // Not under the monitor, for which an append may be waiting; the file only grows as long as there are readers.
        try (FileChannel channel = files.open(file, StandardOpenOption.READ)) {
            block = blockAround(channel, inFile, before);
        }
        lastRead = new SoftReference<>(block);
        int found = countBefore(block.entries(), block.count(), before);
        return found == 0 ? null : layout.get(block.entries(), found - 1);
    }

    /** Forgets the entries whose values are at or above a bound, and half an entry at the end of the file if there is one. */
    synchronized void cutAtValue(long bound) throws IOException {
        flush();
        int entries = countWritten();
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel channel = files.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Block block = blockAround(channel, entries, entry -> entry.value() < bound);
            written = bound <= 0
                    ? 0
                    : block.first() + countBefore(block.entries(), block.count(), entry -> entry.value() < bound);
            lastRead = new SoftReference<>(null);
            long size = (long) written * layout.entrySize();
            if (channel.size() > size) {
                channel.truncate(size);
            }
        }
    }

    /** A block that begins with the last entry before a point, or with the first of all if there is none before it; found by halving. */
    private Block blockAround(FileChannel channel, int entries, Before before) throws IOException {
        int low = 0;
        int high = entries;
        while (high - low > BLOCK_ENTRIES) {
            int middle = (low + high) >>> 1;
            if (before.test(layout.get(read(channel, middle, 1), 0))) {
                low = middle;
            } else {
                high = middle;
            }
        }
        int count = Math.min(BLOCK_ENTRIES, entries - low);
        return new Block(low, read(channel, low, count), count);
    }

    private int countBefore(ByteBuffer block, int entries, Before before) {
        int low = 0;
        int high = entries;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (before.test(layout.get(block, middle))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private ByteBuffer read(FileChannel channel, int first, int entries) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(entries * layout.entrySize());
        long position = (long) first * layout.entrySize();
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, position + buffer.position());
            if (count < 0) {
                throw new CorruptLogException(
                        "the index " + file + " has fewer entries than were written. It can be removed"
                                + " while the broker is stopped: reads then take longer");
            }
        }
        return buffer;
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
