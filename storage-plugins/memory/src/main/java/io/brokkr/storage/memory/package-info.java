/**
 * The engine {@code memory}: logs on the heap, gone with the process. For tests, for topics whose records nobody misses after a restart, and
 * for authors of engines, who should read it first.
 *
 * <p>{@link io.brokkr.storage.memory.MemoryStorageEngine} knows the logs, {@link io.brokkr.storage.memory.MemoryLog} holds the batches of
 * one, and {@link io.brokkr.storage.memory.OpenMemoryLog} is what one opener sees of it, with the checks that are due to each opener:
 * closed, deleted, fenced. {@link io.brokkr.storage.memory.MemoryReplacement} is what an engine adds that can be compacted.
 */
@NullMarked
package io.brokkr.storage.memory;

import org.jspecify.annotations.NullMarked;
