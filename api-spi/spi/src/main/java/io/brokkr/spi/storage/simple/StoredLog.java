package io.brokkr.spi.storage.simple;

import io.brokkr.spi.storage.LogSegment;
import java.util.List;

/**
 * What a store keeps of a log, besides its batches.
 *
 * @param leaderEpoch as it was saved
 * @param startOffset as it was saved
 * @param endOffset as it was saved; batches may lie behind it, since it is not saved with each
 * @param segments the sums over the batches of each segment, in ascending order: its number, where its last batch ends, the bytes and the largest timestamp of its batches. None
 *     without a batch
 */
public record StoredLog(int leaderEpoch, long startOffset, long endOffset, List<LogSegment> segments) {

    /** Of a log that is not there yet. */
    static final StoredLog NONE = new StoredLog(-1, 0, 0, List.of());

    /** Copies the segments. */
    public StoredLog {
        segments = List.copyOf(segments);
    }
}
