package io.brokkr.storage.s3;

import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.StorageException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * This process's claim to write a log: the log object as it last put it. Whoever opens the log elsewhere replaces that, and this claim is void. Every method waits for the store, the one after the other.
 *
 * <p>Where the store knows no conditional writes, the object is looked at before it is replaced. Then two claims of the same moment may both be made, but the one that was written first is found void
 * before anything is acknowledged under it.
 */
final class LogOwner {

    /** So often another opening may come between reading the log object and replacing it. */
    private static final int ATTEMPTS = 10;

    private final ObjectStore store;
    private final LogKeys keys;
    private final AtomicLong lastNumber = new AtomicLong();
    private volatile LogObject content;
    private String etag;

    private LogOwner(ObjectStore store, LogKeys keys, LogObject content, String etag) {
        this.store = store;
        this.keys = keys;
        this.content = content;
        this.etag = etag;
    }

    /**
     * Claims a log, and makes it if there is none.
     *
     * @param clearing called before it is made, to remove what a deletion may have left
     * @throws LogFencedException if somebody opened it under a higher epoch
     */
    static LogOwner claim(ObjectStore store, LogKeys keys, int leaderEpoch, Runnable clearing) {
        String opener = UUID.randomUUID().toString();
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<ObjectStore.Content> found = store.get(keys.log());
            LogObject before = found.map(object -> LogObject.parse(keys.log(), object.bytes()))
                    .orElse(LogObject.NONE);
            if (before.opener().equals(opener)) {
                // The request was sent twice, and the first one had come through.
                return new LogOwner(store, keys, before, found.orElseThrow().etag());
            }
            requireNotFenced(keys, before.leaderEpoch(), leaderEpoch);
            if (found.isEmpty()) {
                clearing.run();
            }
            LogObject mine = before.openedBy(leaderEpoch, opener);
            String known = found.map(ObjectStore.Content::etag).orElse(null);
            Optional<String> etag = store.replace(keys.log(), mine.toBytes(), known);
            if (etag.isPresent()) {
                return new LogOwner(store, keys, mine, etag.get());
            }
        }
        throw new StorageException("the log " + keys.id()
                + " could not be opened, since others open it all the time: see that no two clusters share "
                + store.place(keys.keyPrefix()));
    }

    private static void requireNotFenced(LogKeys keys, int leaderEpoch, int openersEpoch) {
        if (openersEpoch < leaderEpoch) {
            throw new LogFencedException("the log " + keys.id() + " was opened under the leader epoch " + leaderEpoch
                    + ", which fences " + openersEpoch);
        }
    }

    /** What the log object says. */
    LogObject content() {
        return content;
    }

    /** For the next data object of this generation. */
    long nextNumber() {
        return lastNumber.incrementAndGet();
    }

    /** Refuses those who opened under a lower epoch; does not ask the store. */
    void requireNotFenced(int openersEpoch) {
        requireNotFenced(keys, content.leaderEpoch(), openersEpoch);
    }

    /** Shuts out those who opened under a lower epoch, in this process and elsewhere. */
    synchronized void fence(int openersEpoch) {
        requireNotFenced(openersEpoch);
        if (openersEpoch > content.leaderEpoch()) {
            change(before -> before.withLeaderEpoch(openersEpoch));
        }
    }

    /** Moves the log's start, durably. */
    synchronized void moveStart(long startOffset) {
        change(before -> before.withStartOffset(startOffset));
    }

    private void change(UnaryOperator<LogObject> changed) {
        if (!store.hasConditionalWrites()) {
            requireCurrent();
        }
        LogObject next = changed.apply(content);
        byte[] bytes = next.toBytes();
        etag = store.replace(keys.log(), bytes, etag)
                // The request may have been sent twice, and the first one have come through.
                .or(() -> store.get(keys.log())
                        .filter(now -> Arrays.equals(now.bytes(), bytes))
                        .map(ObjectStore.Content::etag))
                .orElseThrow(this::lost);
        content = next;
    }

    /**
     * Sees to it that the claim holds still. What was put before this returns is seen by all who claim the log later.
     *
     * @throws LogFencedException if somebody opened the log elsewhere
     * @throws StorageException if it was deleted
     */
    synchronized void requireCurrent() {
        if (!store.etag(keys.log()).equals(Optional.of(etag))) {
            throw lost();
        }
    }

    private StorageException lost() {
        return store.etag(keys.log()).isPresent()
                ? new LogFencedException("the log " + keys.id() + " was opened by another broker: "
                        + store.place(keys.log()) + " is not as this broker has put it")
                : new StorageException("the log " + keys.id() + " was deleted by somebody else: there is no "
                        + store.place(keys.log()));
    }
}
