package io.brokkr.plugin.compaction;

/**
 * How a topic wants to be compacted.
 *
 * @param deleteRetentionMillis how long deletions stay after they were first compacted
 * @param minLagMillis how old a segment's newest record is at least
 * @param maxLagMillis how old an uncompacted record is at most, {@link Long#MAX_VALUE} for no limit
 * @param segmentMillis how old a segment that is being written becomes at most, {@link Long#MAX_VALUE} for no limit
 * @param minDirtyRatio the uncompacted part of the bytes that has to be exceeded
 * @param segmentSizeInBytes up to what size segments are merged
 */
record CompactionRule(
        long deleteRetentionMillis,
        long minLagMillis,
        long maxLagMillis,
        long segmentMillis,
        double minDirtyRatio,
        long segmentSizeInBytes) {

    /** How old the first record becomes of a segment that is being written: as in Kafka, the lag ends it, too. */
    long mostSegmentMillis() {
        return Math.min(segmentMillis, maxLagMillis);
    }

    /** The time from which on a deletion that is compacted now may go, epoch milliseconds. */
    long deleteHorizon(long now) {
        return plus(now, deleteRetentionMillis);
    }

    /** Without an overflow: what is beyond all times is the last of them. */
    static long plus(long time, long millis) {
        return millis > Long.MAX_VALUE - time ? Long.MAX_VALUE : time + millis;
    }
}
