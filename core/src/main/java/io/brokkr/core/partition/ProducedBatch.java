package io.brokkr.core.partition;

/**
 * What is remembered of a batch that an idempotent producer wrote.
 *
 * @param logAppendTime the timestamp that the broker gave it, -1 if it kept its own
 */
record ProducedBatch(int baseSequence, int lastSequence, long baseOffset, long lastOffset, long logAppendTime) {}
