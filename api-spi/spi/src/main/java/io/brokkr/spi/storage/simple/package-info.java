/**
 * The simple way to a storage engine: over a library that keeps bytes and blocks, such as a database.
 *
 * <p>Its author writes a {@link io.brokkr.spi.storage.simple.BatchStore}, which puts batches away, gets them back, and commits. {@link
 * io.brokkr.spi.storage.simple.BatchStoreEngine} makes a {@link io.brokkr.spi.storage.StorageEngine} of it: the order of the calls, openers and their epochs, segments,
 * the bounds of reads, closing, deleting, and what a failure leaves behind are the same for every such store, and are done once.
 *
 * <p>Who needs more, logs that are written and read at the same time, say, or {@link io.brokkr.spi.storage.ReplaceableLog}, implements the interfaces of {@link io.brokkr.spi.storage}
 * directly, as the engines {@code log} and {@code memory} do.
 */
@NullMarked
@Stability(Stability.Level.EVOLVING)
package io.brokkr.spi.storage.simple;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
