/**
 * The engine {@code tiered}: a log whose new segments are in one storage engine, the hot tier, and whose old ones are in another, the cold tier. Any two engines will do.
 *
 * <h2>Where a batch is</h2>
 *
 * <pre>
 *   startOffset        ColdPart.endOffset                 endOffset
 *   |---- cold tier ---|-------------- hot tier -----------|
 * </pre>
 *
 * <p>Both tiers have the log under its id and with its offsets. {@link io.brokkr.storage.tiered.ColdPart} says what is in the cold one; it is kept as a checkpoint in the hot one, {@link
 * io.brokkr.storage.tiered.ColdPartFormat}, so that a log is opened, written and searched for its new records without the cold tier. What lies before the part's end is read from the cold tier, and what
 * lies behind it from the hot one, whatever else the tiers hold.
 *
 * <h2>A move</h2>
 *
 * <ol>
 *   <li>The cold log is cut where the part ends: what an earlier move has left behind there is gone.
 *   <li>The batches of the oldest segment are copied, verified, and synced.
 *   <li>The part is written with the segment in it: from now on it is read from the cold tier. A crash before that has moved nothing, one after it everything.
 *   <li>The hot log is trimmed. After a crash before that, the next opening does it.
 * </ol>
 *
 * <p>{@link io.brokkr.storage.tiered.SegmentMove} is one move, {@link io.brokkr.storage.tiered.Mover} makes all that are due. They hold no thread while a tier works, and one chunk of a megabyte in memory.
 *
 * <h2>Who does what</h2>
 *
 * <p>{@link io.brokkr.storage.tiered.TieredLog} is what an opener sees. Each has a {@link io.brokkr.storage.tiered.HotLog} of its own, so that the hot engine itself keeps fenced openers out. All of one log share
 * a {@link io.brokkr.storage.tiered.SharedLog}: the cold part, the {@link io.brokkr.storage.tiered.ColdLog}, and the {@link io.brokkr.storage.tiered.ChangeQueue} in which everything that has an order happens.
 */
@NullMarked
package io.brokkr.storage.tiered;

import org.jspecify.annotations.NullMarked;
