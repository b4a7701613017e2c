/**
 * The tests that a storage engine or a metadata store must pass, and what they need to run.
 *
 * <p>An engine's author writes one class for each contract, with one method:
 *
 * <pre>{@code
 * class AppendAndReadTest extends AppendAndReadContract {
 *     protected StorageEngineFactory factory() {
 *         return new MyEngineFactory();
 *     }
 * }
 * }</pre>
 *
 * <ul>
 *   <li>{@link io.brokkr.testkit.storage.AppendAndReadContract}: what goes in comes out, cut and bounded as asked for.
 *   <li>{@link io.brokkr.testkit.storage.TimestampContract}: the search by time.
 *   <li>{@link io.brokkr.testkit.storage.TrimAndTruncateContract}: what is forgotten, from the front and from the tail.
 *   <li>{@link io.brokkr.testkit.storage.ReplacementContract}: other segments in the place of finished ones. It asks nothing of an engine that cannot do that.
 *   <li>{@link io.brokkr.testkit.storage.FinishedSegmentContract}: the end of a segment that is neither full nor old; likewise.
 *   <li>{@link io.brokkr.testkit.storage.CheckpointContract}: the small notes.
 *   <li>{@link io.brokkr.testkit.storage.FencingContract}: who opened under a lower epoch is shut out.
 *   <li>{@link io.brokkr.testkit.storage.LifeCycleContract}: opening, closing, deleting, listing.
 *   <li>{@link io.brokkr.testkit.storage.ConcurrencyContract}: readers beside a writer.
 *   <li>{@link io.brokkr.testkit.storage.ModelContract}: random operations against a list in memory; a failure prints the seed that replays it.
 *   <li>{@link io.brokkr.testkit.storage.MetadataStoreContract}: all of a metadata store.
 * </ul>
 *
 * <p>{@link io.brokkr.testkit.storage.StorageFixture} is what the contracts stand on, and serves an engine's own tests as well.
 */
@NullMarked
package io.brokkr.testkit.storage;

import org.jspecify.annotations.NullMarked;
