package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The segment files that nobody uses at the moment and that stay open, since whoever reads a log in its order needs the same file again at once: to open
 * one takes longer than to find a batch in it. They are bounded in number, and closed when they have rested for a while. So is the number of those that are kept
 * open since they are written. Thread-safe.
 */
final class OpenFiles implements FileOperations {

    /** Enough for a reader in each of several hundred partitions, and few beside what a process may have open. */
    static final int MOST_RESTING = 512;

    /** Beyond that, an append to a log that nobody has appended to for a while opens its file and lets go of it again. */
    static final int MOST_WRITTEN = 4_096;

    private final FileOperations files;
    private final LongSupplier nanos;
    private final AtomicInteger written = new AtomicInteger();

    /** With the time at which each came to rest, the oldest first. */
    private final Map<SegmentFile, Long> resting = new LinkedHashMap<>();

    /** With a clock that counts nanoseconds and never goes back. */
    OpenFiles(FileOperations files, LongSupplier nanos) {
        this.files = files;
        this.nanos = nanos;
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        return files.open(file, options);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        files.move(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        files.delete(file);
    }

    /** Whether one more segment may keep its file for the next append; if so, {@link #endWriting} is to be called once. */
    boolean beginWriting() {
        if (written.incrementAndGet() <= MOST_WRITTEN) {
            return true;
        }
        written.decrementAndGet();
        return false;
    }

    void endWriting() {
        written.decrementAndGet();
    }

    /** Nobody uses a file any more. Closes another one if too many rest; not to be called with the monitor of any file. */
    void rest(SegmentFile file) {
        SegmentFile tooMany = null;
        synchronized (this) {
            resting.remove(file);
            resting.put(file, nanos.getAsLong());
            if (resting.size() > MOST_RESTING) {
                tooMany = takeOldest();
            }
        }
        if (tooMany != null) {
            tooMany.closeIfUnused();
        }
    }

    private @Nullable SegmentFile takeOldest() {
        Iterator<SegmentFile> oldest = resting.keySet().iterator();
        SegmentFile taken = oldest.next();
        oldest.remove();
        return taken;
    }

    /** A file is closed. */
    synchronized void forget(SegmentFile file) {
        resting.remove(file);
    }

    /** Closes what has rested for so long. */
    void closeRestingFor(long limitNanos) {
        List<SegmentFile> due = new ArrayList<>();
        synchronized (this) {
            long now = nanos.getAsLong();
            Iterator<Map.Entry<SegmentFile, Long>> all = resting.entrySet().iterator();
            while (all.hasNext()) {
                Map.Entry<SegmentFile, Long> next = all.next();
                if (now - next.getValue() < limitNanos) {
                    break;
                }
                due.add(next.getKey());
                all.remove();
            }
        }
        due.forEach(SegmentFile::closeIfUnused);
    }
}
