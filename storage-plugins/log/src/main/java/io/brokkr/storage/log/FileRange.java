package io.brokkr.storage.log;

/**
 * Where the answer to a read lies.
 *
 * @param sizeInBytes 0 if there is nothing to read
 */
record FileRange(Segment segment, long position, int sizeInBytes) {

    /**
     * As much as a reader wants.
     *
     * @param end where what he may see ends
     * @param firstBatchEnd where the first batch ends
     */
    static FileRange upTo(
            Segment segment, long position, long end, long firstBatchEnd, int maxBytes, boolean atLeastOneBatch) {
        long size = Math.min(end - position, maxBytes);
        if (atLeastOneBatch) {
            size = Math.max(size, firstBatchEnd - position);
        }
        return new FileRange(segment, position, (int) size);
    }

    /** Where it ends. */
    long end() {
        return position + sizeInBytes;
    }

    /** What of it lies before a position. */
    FileRange upTo(long behind) {
        return behind >= end() ? this : new FileRange(segment, position, (int) (behind - position));
    }

    /** Whether a position lies within. */
    boolean holds(long at) {
        return at >= position && at < end();
    }
}
