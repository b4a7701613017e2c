package io.brokkr.core.partition;

import io.brokkr.protocol.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the states of the producers are kept, so that opening the log after a crash reads only the last part of it. Not thread-safe: used
 * under the partition's lock.
 *
 * <p>A snapshot is taken at the end of the log, which holds batches that a loss of power could take; it is handed out once they are committed.
 */
final class ProducerCheckpoint {

    /** How much may be appended until the states are kept again: to read it takes some ten milliseconds, to keep them costs a sync. */
    static final int DISTANCE_BYTES = 64 << 20;

    private long keptOffset;
    private long bytesSinceTaken;
    private @Nullable Bytes taken;
    private long takenOffset;
    private boolean beingKept;

    /**
     * Goes on from what is kept.
     *
     * @param keptOffset the offset of the snapshot that the log has, -1 for none
     * @param bytesBehind how much the log holds behind it
     */
    ProducerCheckpoint(long keptOffset, long bytesBehind) {
        this.keptOffset = keptOffset;
        this.bytesSinceTaken = bytesBehind;
    }

    void appended(int sizeInBytes, long nextOffset, ProducerStates states) {
        bytesSinceTaken += sizeInBytes;
        if (bytesSinceTaken >= DISTANCE_BYTES && taken == null && !beingKept) {
            taken = ProducerSnapshot.write(nextOffset, states);
            takenOffset = nextOffset;
            bytesSinceTaken = 0;
        }
    }

    /** What is to be written now, null for nothing; {@link #kept} is to follow. */
    @Nullable
    Bytes due(long highWatermark) {
        if (taken == null || takenOffset > highWatermark) {
            return null;
        }
        Bytes due = taken;
        taken = null;
        beingKept = true;
        return due;
    }

    /** The last one is written, or could not be. */
    void kept(boolean well) {
        beingKept = false;
        if (well) {
            keptOffset = takenOffset;
        }
    }

    /** What is to be written before the log is closed, null if what is kept is what there is. */
    @Nullable
    Bytes atClose(long nextOffset, ProducerStates states) {
        return keptOffset == nextOffset ? null : ProducerSnapshot.write(nextOffset, states);
    }
}
