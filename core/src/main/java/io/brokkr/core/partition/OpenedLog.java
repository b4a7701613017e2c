package io.brokkr.core.partition;

import io.brokkr.spi.storage.PartitionLog;

/**
 * A log that was opened, with all that its batches and checkpoints tell.
 *
 * @param epochs without the epoch of this leadership if it has not written yet
 */
record OpenedLog(PartitionLog log, ProducerStates producers, LeaderEpochs epochs, ProducerCheckpoint checkpoint) {}
