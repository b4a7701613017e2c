package io.brokkr.plugin.compaction;

import io.brokkr.protocol.Bytes;
import java.nio.ByteBuffer;

/**
 * How far a log is compacted; kept as a checkpoint of the log.
 *
 * <pre>
 *   size  field
 *      2  format          1
 *      8  firstDirty      the first offset that was not compacted
 *      8  latestHorizon   epoch milliseconds
 * </pre>
 *
 * <p>All numbers are big-endian. What is lost or of another format only costs a run over the whole log.
 *
 * @param firstDirty every key before it has one record before it, at most
 * @param latestHorizon when all deletions before it may go, {@link #NEVER} where there are none
 */
record Progress(long firstDirty, long latestHorizon) {

    /** The name of the checkpoint. */
    static final String CHECKPOINT = "compaction";

    static final long NEVER = Long.MAX_VALUE;

    static final Progress NONE = new Progress(0, NEVER);

    private static final short FORMAT = 1;
    private static final int SIZE = Short.BYTES + 2 * Long.BYTES;

    /** Whether there are deletions, and all of them may go. */
    boolean isDue(long now) {
        return latestHorizon <= now;
    }

    Bytes write() {
        ByteBuffer target = ByteBuffer.allocate(SIZE);
        target.putShort(FORMAT).putLong(firstDirty).putLong(latestHorizon);
        return Bytes.copyOf(target.flip());
    }

    static Progress read(Bytes content) {
        ByteBuffer source = content.toBuffer();
        return source.remaining() == SIZE && source.getShort() == FORMAT
                ? new Progress(source.getLong(), source.getLong())
                : NONE;
    }
}
