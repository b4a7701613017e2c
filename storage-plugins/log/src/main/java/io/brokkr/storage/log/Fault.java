package io.brokkr.storage.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something in a log's folder that is not as it must be.
 *
 * @param file where
 * @param extent which part of the file, and which offsets; null if it is about the file as a whole
 * @param remedy what the operator can do
 */
record Fault(Path file, @Nullable Extent extent, String reason, String remedy) {

    /** Offsets of which nothing tells. */
    static final long UNKNOWN = -1;

    /**
     * A part of a file.
     *
     * @param end the position behind it
     * @param fromOffset the least offset that may have been there, {@link #UNKNOWN} where there are no offsets
     * @param toOffset the greatest one, {@link #UNKNOWN} if nothing behind it tells; less than the least if none is missing
     */
    record Extent(long position, long end, long fromOffset, long toOffset) {
        @Override
        public String toString() {
            return "position " + position + ", " + (end - position) + " bytes" + offsets();
        }

        private String offsets() {
            if (fromOffset == UNKNOWN) {
                return "";
            }
            if (toOffset == UNKNOWN) {
                return ", offsets " + fromOffset + " and on";
            }
            return toOffset < fromOffset ? ", no offsets" : ", offsets " + fromOffset + " to " + toOffset;
        }
    }

    /** Several lines. */
    @Override
    public String toString() {
        return file + (extent == null ? "" : ": " + extent) + "\n    " + reason + "\n    " + remedy;
    }
}
