package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sees to it that a log has one {@link SegmentReplacement} at a time, and that this one knows what becomes of the segments meanwhile. Thread-safe. */
final class LogReplacements {

    private final SegmentedLog log;

    /** Changed under the log's {@code maintenance}. */
    private volatile @Nullable SegmentReplacement current;

    LogReplacements(SegmentedLog log) {
        this.log = log;
    }

    /** As {@link io.brokkr.spi.storage.ReplaceableLog#replace}. Only what is on the device, and in the state file, is replaced: it is brought there first. */
    SegmentReplacement begin(int openersEpoch, long baseOffset, long endOffset) throws IOException {
        SegmentReplacement before = current;
        if (before != null && before.isInVain()) {
            before.abandon();
        }
        log.maintenance().lock();
        try {
            log.condition().requireWritableBy(openersEpoch);
            requireFinished(baseOffset, endOffset);
            requireNone();
            if (log.checkpoints().state().last().baseOffset() < endOffset) {
                log.checkpoint();
            }
            SegmentReplacement begun = new SegmentReplacement(log, openersEpoch, baseOffset, endOffset);
            current = begun;
            return begun;
        } finally {
            log.maintenance().unlock();
        }
    }

    private void requireNone() {
        SegmentReplacement other = current;
        if (other != null) {
            throw new StorageException("in the log " + log.id() + " the segments from " + other.baseOffset() + " to "
                    + other.endOffset() + " are being replaced: end that first");
        }
    }

    /**
     * Looks at the bounds alone.
     *
     * @throws IllegalArgumentException if they are not those of finished segments
     */
    void requireFinished(long baseOffset, long endOffset) {
        Segments segments = log.segments();
        if (baseOffset >= endOffset || !isBase(segments, baseOffset) || !isBase(segments, endOffset)) {
            throw new IllegalArgumentException(
                    "the log " + log.id() + " has no finished segments from " + baseOffset + " to " + endOffset);
        }
    }

    private static boolean isBase(Segments segments, long offset) {
        return segments.get(segments.floorIndex(offset)).baseOffset() == offset;
    }

    /** What lies before an offset is gone. Under {@code maintenance}. */
    void noteTrimmed(long startOffset) {
        SegmentReplacement underWay = current;
        if (underWay != null && startOffset > underWay.baseOffset()) {
            underWay.overtake();
        }
    }

    /** What lies behind an offset is gone. Under {@code maintenance}. */
    void noteTruncated(long endOffset) {
        SegmentReplacement underWay = current;
        if (underWay != null && endOffset < underWay.endOffset()) {
            underWay.overtake();
        }
    }

    void noteEnded(SegmentReplacement ended) {
        log.maintenance().lock();
        try {
            if (current == ended) {
                current = null;
            }
        } finally {
            log.maintenance().unlock();
        }
    }

    /** Ends the one that is under way. None of the log's locks may be held, since a commit takes them. */
    void abandon() {
        SegmentReplacement underWay = current;
        if (underWay != null) {
            underWay.abandon();
        }
    }
}
