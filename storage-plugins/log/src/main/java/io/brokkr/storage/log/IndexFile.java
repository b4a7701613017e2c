package io.brokkr.storage.log;

import java.io.EOFException;
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

    private final FileOperations files;
    private final Path file;
    private final Layout layout;
    private @Nullable ByteBuffer pending;
    private int written = NOT_COUNTED;

    /** Of the last search; the collector may have it, since an index that nobody searches is to cost nothing. */
    private volatile SoftReference<@Nullable Block> lastRead = new SoftReference<>(null);

    IndexFile(FileOperations files, Path file, Layout layout) {
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
    void force() throws IOException {
        try (FileChannel channel = files.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            synchronized (this) {
                if (pending != null) {
                    write(channel, pending);
                }
            }
            // Not under the monitor, for which an append may be waiting.
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

    /** As {@link #floor}, of what is in memory; null, too, if the answer may be in the file. */
    @Nullable
    Entry floorInMemory(long key) throws IOException {
        synchronized (this) {
            Entry found = lastPending(entry -> entry.key() <= key);
            return found == null ? lastInBlock(lastRead.get(), countWritten(), entry -> entry.key() <= key) : found;
        }
    }

    private @Nullable Entry lastBefore(Before before) throws IOException {
        int inFile;
        synchronized (this) {
            Entry found = lastPending(before);
            if (found != null) {
                return found;
            }
            inFile = countWritten();
        }
        if (inFile == 0) {
            return null;
        }
        Entry known = lastInBlock(lastRead.get(), inFile, before);
        if (known != null) {
            return known;
        }
        // Not under the monitor, for which an append may be waiting; the file only grows as long as there are readers.
        Block block;
        try (FileChannel channel = files.open(file, StandardOpenOption.READ)) {
            block = blockAround(channel, inFile, before);
        }
        lastRead = new SoftReference<>(block);
        int found = countBefore(block.entries(), block.count(), before);
        return found == 0 ? null : layout.get(block.entries(), found - 1);
    }

    /** Of the entries that are not in the file yet. */
    private @Nullable Entry lastPending(Before before) {
        int found = pending == null ? 0 : countBefore(pending, countPending(), before);
        return found == 0 ? null : layout.get(pending, found - 1);
    }

    /** Of a block, if no entry behind it can be a later one. */
    private @Nullable Entry lastInBlock(@Nullable Block block, int inFile, Before before) {
        if (block == null) {
            return null;
        }
        int found = countBefore(block.entries(), block.count(), before);
        boolean isLast = found > 0 && (found < block.count() || block.first() + block.count() == inFile);
        return isLast ? layout.get(block.entries(), found - 1) : null;
    }

    /** Forgets the entries whose values are at or above a bound, and half an entry at the end of the file if there is one. */
    synchronized void cutAtValue(long bound) throws IOException {
        flush();
        int entries = countWritten();
        if (!Files.exists(file)) {
            return;
        }
        long size;
        boolean isLonger;
        // What fits is not written, so that a log can be opened where nothing can be written.
        try (FileChannel channel = files.open(file, StandardOpenOption.READ)) {
            Block block = blockAround(channel, entries, entry -> entry.value() < bound);
            written = bound <= 0
                    ? 0
                    : block.first() + countBefore(block.entries(), block.count(), entry -> entry.value() < bound);
            lastRead = new SoftReference<>(null);
            size = (long) written * layout.entrySize();
            isLonger = channel.size() > size;
        }
        if (isLonger) {
            try (FileChannel channel = files.open(file, StandardOpenOption.WRITE)) {
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
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the index " + file + " has fewer entries than were written");
            }
        }
        return buffer;
    }

    /** The first entry whose value is above a bound, null if there is none; found by reading all, whether they ascend or not. */
    @Nullable
    Entry firstBehind(long value) throws IOException {
        int inFile;
        synchronized (this) {
            inFile = countWritten();
        }
        if (inFile > 0) {
            try (FileChannel channel = files.open(file, StandardOpenOption.READ)) {
                for (int first = 0; first < inFile; first += BLOCK_ENTRIES) {
                    int count = Math.min(BLOCK_ENTRIES, inFile - first);
                    Entry found = firstBehind(value, read(channel, first, count), count);
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        synchronized (this) {
            return pending == null ? null : firstBehind(value, pending, countPending());
        }
    }

    private @Nullable Entry firstBehind(long value, ByteBuffer entries, int count) {
        for (int i = 0; i < count; i++) {
            Entry entry = layout.get(entries, i);
            if (entry.value() > value) {
                return entry;
            }
        }
        return null;
    }

    /** Lets the next search look into the file. */
    void forgetRead() {
        lastRead = new SoftReference<>(null);
    }

    /** An empty index in a file beside this one. */
    IndexFile temporary() throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + AtomicFile.TEMPORARY_SUFFIX);
        Files.deleteIfExists(beside);
        return new IndexFile(files, beside, layout);
    }

    /** Puts another index, whose entries are in its file, into the place of this one. */
    synchronized void replaceBy(IndexFile other) throws IOException {
        int count = other.count();
        if (Files.isDirectory(file)) {
            Files.delete(file);
        }
        files.move(other.file, file);
        pending = null;
        written = count;
        lastRead = new SoftReference<>(null);
    }

    /** Removes the file, or what has its name; there are no entries afterwards. */
    synchronized void delete() throws IOException {
        files.delete(file);
        pending = null;
        written = NOT_COUNTED;
        lastRead = new SoftReference<>(null);
    }
}
