package io.brokkr.storage.log;

import io.brokkr.spi.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A second place for what is new in the logs of a data folder, so that one access to the device makes it durable for all of them. What a log has here is forced into its
 * own file later, and then its place here is free for others: a journal is as large as what the logs' own files do not have yet.
 *
 * <p>An entry holds bytes of a segment, which are in its file too, as far as the operating system is concerned. After a crash they are written there once more, before the log is
 * read. An entry counts if its number is at least the one in the log's state file ({@link LogState#journalNumber}). Whatever writes that file brings the log to
 * the device first, and makes all that the journal holds of it void; so no entry ever undoes a truncation, a trim or a replacement.
 *
 * <p>Thread-safe. One {@link JournalRound} at a time writes.
 */
final class Journal {

    static final String FILE_PREFIX = "brokkr-journal-";
    static final int MOST_FILES = 16;

    /** How long all logs are synced by themselves after a failure, such as a full disk. */
    static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Files that a log cannot do without, by their ordinals. The log is null until somebody opens it. */
    private static final class Need {
        private final long from;
        private @Nullable SegmentedLog log;
        private long to;

        Need(long from) {
            this.from = from;
        }
    }

    private final Path root;
    private final FileOperations operations;
    private final JournalSettings settings;
    private final Clock clock;
    private final LongSupplier salts;
    private final AtomicLong nextNumber = new AtomicLong();

    /** Under the monitor. */
    private final JournalFile[] slots = new JournalFile[MOST_FILES];

    /** Under the monitor. */
    private final Map<LogKey, Need> needs = new HashMap<>();

    /** What an earlier run has left. Under the monitor, but for the files, which do not change. */
    private final Map<LogKey, JournalPlaces> left;

    private final List<JournalScan.Found> leftFiles;

    /** Held by a round, and at the end. */
    private final ReentrantLock writing = new ReentrantLock();

    private @Nullable JournalFile current;
    private @Nullable ByteBuffer buffer;
    /** Whether there is less room than there was. */
    private boolean isFilling;

    private volatile boolean isClosed;
    private volatile boolean isPaused;
    private volatile long pausedAt;

    /**
     * With what is there.
     *
     * @param salts random numbers, none of them twice
     * @throws io.brokkr.spi.storage.StorageException if what is there cannot be used
     */
    Journal(Path root, FileOperations operations, JournalSettings settings, Clock clock, LongSupplier salts) {
        this.root = root;
        this.operations = operations;
        this.settings = settings;
        this.clock = clock;
        this.salts = salts;
        JournalScan scan = new JournalScan(root, operations);
        nextNumber.set(scan.nextNumber());
        leftFiles = scan.files();
        left = new HashMap<>(scan.places());
        for (JournalScan.Found file : leftFiles) {
            slots[slotOf(file.path())] = new JournalFile(operations, file.path(), file.ordinal());
        }
        left.forEach((log, places) -> {
            Need need = new Need(leftFiles.get(places.file(0)).ordinal());
            need.to = leftFiles.get(places.file(places.count() - 1)).ordinal();
            needs.put(log, need);
        });
    }

    private static int slotOf(Path path) {
        return Integer.parseInt(path.getFileName().toString().substring(FILE_PREFIX.length())) - 1;
    }

    JournalSettings settings() {
        return settings;
    }

    /** The number below which no entry is that will be written. */
    long nextNumber() {
        return nextNumber.get();
    }

    long takeNumber() {
        return nextNumber.getAndIncrement();
    }

    /** Whether it makes sense to {@link #begin}. */
    boolean isReady() {
        if (isPaused && clock.nanos() - pausedAt >= PAUSE_NANOS) {
            isPaused = false;
        }
        return settings.fileBytes() > 0 && !isClosed && !isPaused;
    }

    /** A round, to be {@linkplain JournalRound#end ended}; null if there is no room, or the device does not take anything. */
    @Nullable
    JournalRound begin() {
        writing.lock();
        JournalRound round = null;
        try {
            JournalFile file = isReady() ? fileWithRoom() : null;
            if (file != null) {
                round = new JournalRound(this, file, buffer());
            }
            return round;
        } catch (IOException full) {
            pause();
            return null;
        } finally {
            if (round == null) {
                writing.unlock();
            }
        }
    }

    private ByteBuffer buffer() {
        ByteBuffer made = buffer;
        if (made == null) {
            made = ByteBuffer.allocateDirect(JournalRound.BUFFER_BYTES);
            buffer = made;
        }
        return made;
    }

    private @Nullable JournalFile fileWithRoom() throws IOException {
        JournalFile file = current;
        if (file != null && !file.isUnfit() && hasRoom(file, 0)) {
            return file;
        }
        dropUnfit();
        JournalFile next = takeFree();
        if (next != null) {
            try {
                next.begin(takeNumber(), salts.getAsLong());
            } catch (IOException failure) {
                next.makeUnfit();
                throw failure;
            }
            current = next;
        }
        return next;
    }

    /** Whether an entry of any size has room in a file, behind what is yet to be written. */
    boolean hasRoom(JournalFile file, int unwritten) {
        return file.end() + unwritten + JournalFormat.ENTRY_HEADER_BYTES + settings.mostEntryBytes()
                <= settings.fileBytes();
    }

    private synchronized @Nullable JournalFile takeFree() {
        isFilling = true;
        int empty = -1;
        int count = 0;
        for (int i = 0; i < MOST_FILES; i++) {
            JournalFile file = slots[i];
            count += file == null ? 0 : 1;
            if (file == null) {
                empty = empty < 0 ? i : empty;
            } else if (!file.isUnfit() && !isNeeded(file)) {
                return file;
            }
        }
        if (count >= settings.mostFiles()) {
            return null;
        }
        JournalFile made = new JournalFile(operations, root.resolve(FILE_PREFIX + (empty + 1)));
        slots[empty] = made;
        return made;
    }

    private boolean isNeeded(JournalFile file) {
        return needs.values().stream().anyMatch(need -> need.from <= file.ordinal() && file.ordinal() <= need.to);
    }

    /** Removes the files that nobody needs and nobody may write to. Not to be called with any lock that somebody waits for. */
    void dropUnfit() {
        writing.lock();
        try {
            for (JournalFile file : unfitAndUnneeded()) {
                try {
                    file.delete();
                    forget(file);
                } catch (IOException ignored) {
                    // It takes room until the next attempt.
                }
            }
        } finally {
            writing.unlock();
        }
    }

    private synchronized List<JournalFile> unfitAndUnneeded() {
        return Arrays.stream(slots)
                .filter(file -> file != null && file.isUnfit() && !isNeeded(file))
                .toList();
    }

    private synchronized void forget(JournalFile file) {
        for (int i = 0; i < MOST_FILES; i++) {
            if (slots[i] == file) {
                slots[i] = null;
            }
        }
    }

    /** A round could not be made durable. */
    synchronized void fail(JournalFile file) {
        file.makeUnfit();
        current = null;
        isFilling = true;
        pause();
    }

    private void pause() {
        pausedAt = clock.nanos();
        isPaused = true;
    }

    void endRound() {
        writing.unlock();
    }

    /** A file holds what is durable nowhere else. Under the {@code maintenance} of each log. */
    synchronized void note(List<SegmentedLog> logs, JournalFile file) {
        for (SegmentedLog log : logs) {
            Need need = needs.computeIfAbsent(LogKey.of(log.id()), any -> new Need(file.ordinal()));
            need.log = log;
            need.to = file.ordinal();
        }
    }

    /** All of a log is durable elsewhere, or it is deleted. Under its {@code maintenance}, if it is open. */
    synchronized void release(LogKey log) {
        needs.remove(log);
        left.remove(log);
    }

    /** The open logs to force so that files become free, or since a file is not to be relied on; none as long as half of the files are free. The most urgent one comes first. */
    synchronized List<SegmentedLog> logsToForce() {
        if (!isFilling) {
            return List.of();
        }
        isFilling = false;
        List<Long> needed = new ArrayList<>();
        long urgent = -1;
        for (JournalFile file : slots) {
            if (file != null && file != current && isNeeded(file)) {
                needed.add(file.ordinal());
                urgent = file.isUnfit() ? Math.max(urgent, file.ordinal()) : urgent;
            }
        }
        needed.sort(null);
        long last = urgent;
        if (!needed.isEmpty() && needed.size() >= settings.mostFiles() / 2) {
            last = Math.max(last, needed.get((needed.size() - 1) / 2));
        }
        return needFrom(last);
    }

    private List<SegmentedLog> needFrom(long last) {
        return needs.values().stream()
                .filter(need -> need.from <= last && need.log != null)
                .sorted((one, other) -> Long.compare(one.from, other.from))
                .map(need -> need.log)
                .toList();
    }

    /** Whether an earlier run has left something of a log that nobody has opened since. */
    synchronized boolean hasLeft(LogKey log) {
        return left.containsKey(log);
    }

    /** The logs of which an earlier run has left something, and which nobody has opened since. */
    synchronized Set<LogKey> leftLogs() {
        return Set.copyOf(left.keySet());
    }

    /**
     * Writes what the journal holds of a log that is not open into its segments, where it belongs. It is durable only when they are; then it is to be {@linkplain #release
     * released}. Before that, it may be done again.
     */
    void replay(LogKey log, Path folder, LogState state) throws IOException {
        nextNumber.accumulateAndGet(state.journalNumber(), Math::max);
        JournalPlaces entries;
        boolean isOfThisRun;
        synchronized (this) {
            entries = left.get(log);
            isOfThisRun = entries == null && needs.containsKey(log);
        }
        if (isOfThisRun) {
            // The log failed after it was synced here. What the operating system shows of its own file since then may
            // be what the device had before.
            JournalScan scan = new JournalScan(root, operations);
            entries = scan.places().get(log);
            if (entries != null) {
                JournalScan.apply(operations, scan.files(), entries, folder, state);
            }
        } else if (entries != null) {
            JournalScan.apply(operations, leftFiles, entries, folder, state);
        }
    }

    /** Removes its files, but for those that some log needs. */
    void close() {
        writing.lock();
        try {
            isClosed = true;
            synchronized (this) {
                for (JournalFile file : slots) {
                    if (file != null) {
                        file.makeUnfit();
                        file.close();
                    }
                }
            }
            dropUnfit();
        } finally {
            writing.unlock();
        }
    }
}
