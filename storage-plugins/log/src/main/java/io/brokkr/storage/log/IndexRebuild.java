package io.brokkr.storage.log;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;

/** Makes the indexes of a finished segment anew when a search has found them wrong. Tried once for each segment of an open log. */
final class IndexRebuild {

    private static final Logger LOG = System.getLogger(IndexRebuild.class.getName());

    private IndexRebuild() {}

    /** Replaces both indexes, unless the segment itself is damaged: then what the old ones know is all that there is. Readers may go on meanwhile. */
    static void of(Segment segment, FileChannel channel, int indexIntervalBytes) {
        if (!segment.beginIndexRebuild()) {
            return;
        }
        try {
            Segment rebuilt = segment.withoutIndexes();
            BatchCursor batch = new BatchCursor(channel, 0, Math.min(segment.sizeInBytes(), channel.size()));
            while (batch.tryNext()) {
                rebuilt.note(batch.lastOffset(), batch.maxTimestamp(), batch.sizeInBytes(), indexIntervalBytes);
            }
            if (batch.position() < segment.sizeInBytes()) {
                return;
            }
            rebuilt.completeTimeIndex();
            rebuilt.forceIndexes();
            segment.offsets().replaceBy(rebuilt.offsets());
            segment.times().replaceBy(rebuilt.times());
            LOG.log(
                    Level.WARNING,
                    "the indexes of {0} did not fit and were made anew",
                    segment.file().path());
        } catch (IOException failure) {
            LOG.log(
                    Level.WARNING,
                    "the indexes of {0} do not fit and cannot be made anew, reads of it take longer: {1}",
                    segment.file().path(),
                    failure);
        }
    }
}
