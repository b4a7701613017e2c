/**
 * Log compaction: of each key the last record stays.
 *
 * <p>{@link io.brokkr.plugin.compaction.LogCompaction} is the plugin. {@link io.brokkr.plugin.compaction.Compactor} goes round the logs of compacted topics, {@link
 * io.brokkr.plugin.compaction.LogLook} judges whether one is due, and {@link io.brokkr.plugin.compaction.CompactionRun} compacts it: {@link
 * io.brokkr.plugin.compaction.DirtyScan} fills the {@link io.brokkr.plugin.compaction.KeyOffsets} from what was not compacted yet, {@link
 * io.brokkr.plugin.compaction.Rewriting} replaces the segments from the start of the log on, and {@link io.brokkr.plugin.compaction.BatchCleaner} decides what stays of a
 * batch.
 *
 * <p>All of it is asynchronous and works on the broker's threads for work that blocks, one log at a time. Whatever cannot be finished leaves the log as it was, or compacted
 * up to a segment: engines replace segments as a whole ({@link io.brokkr.spi.storage.ReplaceableLog}).
 */
@NullMarked
package io.brokkr.plugin.compaction;

import org.jspecify.annotations.NullMarked;
