package io.brokkr.plugin.compaction;

/**
 * What is known of when records arrived. Their timestamps may be older than that, as those of copied records are: of records behind an end that the log was seen with, none is older than the sight. So
 * a log into which old records are copied is compacted once in its lag, and not at each look.
 *
 * @param endOffset an end of the log
 * @param seenAt when it ended there, epoch milliseconds
 */
record Arrivals(long endOffset, long seenAt) {

    static final Arrivals UNKNOWN = new Arrivals(Long.MAX_VALUE, 0);

    /** When the record at an offset came, as far as its timestamp tells. */
    long of(long offset, long timestamp) {
        return offset >= endOffset ? Math.max(timestamp, seenAt) : timestamp;
    }
}
