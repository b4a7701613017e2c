/**
 * The extension points for storage: engines that keep the record batches of partitions, and stores that keep metadata.
 *
 * <h2>What an engine is, and what it is not</h2>
 *
 * <p>An engine keeps batches of bytes in the order of their offsets, gives them back, and forgets them from the front or from the
 * tail. Validation, offsets, producers, watermarks, waiters and retention are the core's and work on every engine alike. The jar {@code storage-plugins/memory}
 * is an engine that is meant to be read. Who has a library that keeps bytes needs less than all this: {@link io.brokkr.spi.storage.simple}.
 *
 * <p>Nothing here assumes a local file, an instant answer, or one writer: an engine may as well keep its logs on other machines.
 *
 * <h2>Threads</h2>
 *
 * <ol>
 *   <li>No method may block for long: each gives a stage, and the engine completes it, on any thread.
 *   <li>For one log, {@code append}, {@code trim}, {@code truncate}, {@code reconfigure} and {@code close} are never called by two threads at once; the next may be
 *       called before the stage of the one before is complete. They take effect in the order of the calls.
 *   <li>{@code read}, {@code find…}, {@code sync}, {@code segments}, the checkpoints and the offsets may be called at any time, concurrently with everything, but a checkpoint
 *       of one name is never written twice at once. A read sees every append whose stage is complete.
 *   <li>A log may be opened several times under one epoch, by whoever looks after it beside the core. All openers see the same log, at once: the same offsets, the
 *       same segments. An opener calls {@code append}, {@code trim} and {@code truncate} only if it leads the partition.
 * </ol>
 *
 * <h2>Abilities</h2>
 *
 * <p>What not every engine can do is an interface of its own, which an engine's logs implement or not: {@link io.brokkr.spi.storage.ReplaceableLog}, for compaction.
 *
 * <h2>Engines on engines</h2>
 *
 * <p>An engine may keep its logs in those of others, which it opens as its own with {@link io.brokkr.spi.storage.StorageContext#openEngine}: {@code storage-plugins/tiered} keeps what is new in one and
 * what is old in another. It is the one opener of their logs, and is held to their contract as the core is to its own.
 *
 * <h2>Memory</h2>
 *
 * <ol>
 *   <li>The bytes of an append are the engine's until the append's stage is complete, and not after that: what it wants to keep it has copied by then.
 *   <li>What a read returns is the caller's to close; it stays valid until then, even if the log is trimmed or closed meanwhile.
 * </ol>
 *
 * <h2>Failure</h2>
 *
 * <ol>
 *   <li>A stage fails with a {@link io.brokkr.spi.storage.StorageException} or one of its subclasses. Each method says what a failure leaves behind.
 *   <li>An append or a sync that failed leaves the log unusable for writing: all later ones fail too, until it is opened again, which may be before it is closed. Until
 *       then it is still read, as far as that is possible. The engine must never try again in silence, since nobody knows what the device kept.
 *   <li>A log is opened under a leader epoch. Once somebody opened it under a higher one, every append, trim and truncation of the older
 *       opener fails with {@link io.brokkr.spi.storage.LogFencedException}.
 * </ol>
 */
@NullMarked
@Stability(Stability.Level.STABLE)
package io.brokkr.spi.storage;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
