package io.brokkr.storage.log;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;

/**
 * Makes the indexes of a finished segment anew when a search has found them wrong, in the background: searches take longer until then. Tried once for each segment of an open log, one at a time in an
 * engine.
 *
 * <p>It reads the segment without any lock of the log. Whether the segment is still there is looked at last, with {@link SegmentedLog#maintenance}, which all take who put others in its place.
 */
final class IndexRebuild {

    private static final Logger LOG = System.getLogger(IndexRebuild.class.getName());

    private final SegmentedLog log;
    private final Segment segment;

    private IndexRebuild(SegmentedLog log, Segment segment) {
        this.log = log;
        this.segment = segment;
    }

    /** Has both indexes replaced, unless that was tried before. */
    static void request(SegmentedLog log, Segment segment) {
        if (segment.beginIndexRebuild()) {
            IndexRebuild rebuild = new IndexRebuild(log, segment);
            log.environment().indexRebuilds().execute(rebuild::run);
        }
    }

    private void run() {
        try {
            FileChannel channel = segment.file().acquire();
            try {
                rebuild(channel);
            } finally {
                segment.file().release();
            }
        } catch (IOException failure) {
            if (!isInVain()) {
                LOG.log(
                        Level.WARNING,
                        "the indexes of {0} do not fit and cannot be made anew, reads of it take longer: {1}",
                        segment.file().path(),
                        failure);
            }
        }
    }

    /** If the segment itself is damaged, what the old indexes know is all that there is. */
    private void rebuild(FileChannel channel) throws IOException {
        Segment rebuilt = segment.withoutIndexes();
        try {
            if (fill(rebuilt, channel)) {
                rebuilt.completeTimeIndex();
                rebuilt.forceIndexes();
                putInPlace(rebuilt);
            }
        } finally {
            // What was put in its place has not this name any more.
            rebuilt.offsets().delete();
            rebuilt.times().delete();
        }
    }

    /** Whether all batches are there, and whole: an index that repeats what a damaged header says of its time would be worse than the old one. */
    private boolean fill(Segment rebuilt, FileChannel channel) throws IOException {
        BatchCursor batch = new BatchCursor(channel, 0, Math.min(segment.sizeInBytes(), channel.size()));
        while (!isInVain() && batch.tryNext()) {
            if (!batch.isWhole()) {
                return false;
            }
            rebuilt.note(
                    batch.lastOffset(),
                    batch.maxTimestamp(),
                    batch.sizeInBytes(),
                    log.settings().indexIntervalBytes());
        }
        return batch.end() == segment.sizeInBytes();
    }

    private boolean isInVain() {
        Segments segments = log.segments();
        return !log.condition().isWritable() || segments.get(segments.floorIndex(segment.baseOffset())) != segment;
    }

    /** Readers may go on meanwhile. */
    private void putInPlace(Segment rebuilt) throws IOException {
        log.maintenance().lock();
        try {
            if (isInVain()) {
                return;
            }
            segment.offsets().replaceBy(rebuilt.offsets());
            segment.times().replaceBy(rebuilt.times());
        } finally {
            log.maintenance().unlock();
        }
        LOG.log(
                Level.WARNING,
                "the indexes of {0} did not fit and were made anew",
                segment.file().path());
    }
}
