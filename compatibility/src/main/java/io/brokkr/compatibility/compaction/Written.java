package io.brokkr.compatibility.compaction;

/**
 * A record of a compacted topic.
 *
 * @param number tells it from all others of the topic
 * @param isDeletion whether it has no value
 */
record Written(long offset, String key, long number, boolean isDeletion) {
    @Override
    public String toString() {
        return (isDeletion ? "the deletion " : "the value ") + number + " of " + key + " at " + offset;
    }
}
