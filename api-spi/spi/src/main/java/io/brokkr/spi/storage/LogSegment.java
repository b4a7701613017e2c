package io.brokkr.spi.storage;

/**
 * A part of a log that is forgotten as a whole.
 *
 * @param baseOffset where it begins; of the first one, not behind the batch that holds the log's start, which is kept whole
 * @param endOffset where the next one begins
 * @param sizeInBytes what it takes
 * @param maxTimestamp the largest timestamp in it; -1 of an empty one
 */
public record LogSegment(long baseOffset, long endOffset, long sizeInBytes, long maxTimestamp) {}
