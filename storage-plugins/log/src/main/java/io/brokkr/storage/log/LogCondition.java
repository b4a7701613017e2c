package io.brokkr.storage.log;

import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether a log may be read, and by whom it may be written. Thread-safe. */
final class LogCondition {

    private final LogId id;
    private final Path folder;
    private volatile int leaderEpoch;

    /** Why nothing is written any more: nobody knows what the device kept. */
    private volatile @Nullable StorageException failure;

    /** Why nothing is done any more. */
    private volatile @Nullable String end;

    LogCondition(LogId id, Path folder, int leaderEpoch) {
        this.id = id;
        this.folder = folder;
        this.leaderEpoch = leaderEpoch;
    }

    boolean isWritable() {
        return failure == null && end == null;
    }

    boolean hasEndedWithoutFailure() {
        return failure == null && end != null;
    }

    boolean isFenced(int openersEpoch) {
        return openersEpoch < leaderEpoch;
    }

    /** Even a log that cannot be written is read. */
    void requireOpen() {
        String reason = end;
        if (reason != null) {
            throw new StorageException("the log " + id + " " + reason);
        }
    }

    void requireWritable() {
        requireOpen();
        StorageException reason = failure;
        if (reason != null) {
            throw new StorageException(reason.getMessage(), reason);
        }
    }

    void requireWritableBy(int openersEpoch) {
        requireWritable();
        int inForce = leaderEpoch;
        if (openersEpoch < inForce) {
            throw new LogFencedException("the log " + id + " was opened under the leader epoch " + inForce
                    + ", which fences " + openersEpoch);
        }
    }

    /** From now on, who opened under a lower epoch is shut out. */
    void fenceBelow(int openersEpoch) {
        leaderEpoch = openersEpoch;
    }

    /** Ends all writing. The first reason stays. */
    synchronized StorageException fail(String what, IOException cause) {
        StorageException reason = new StorageException(
                "the log " + id + " in " + folder + " " + what + " and takes no more appends until it is opened anew: "
                        + cause,
                cause);
        if (failure == null) {
            failure = reason;
        }
        return reason;
    }

    /** Ends everything. The first reason stays. */
    synchronized void end(String reason) {
        if (end == null) {
            end = reason;
        }
    }
}
