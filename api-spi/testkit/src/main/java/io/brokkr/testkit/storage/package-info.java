/**
 * The tests that a storage engine or a metadata store must pass, and what they need to run.
 *
 * <p>An engine's author extends {@link io.brokkr.testkit.storage.StorageEngineContracts} and writes one method, which makes the engine's factory. It collects these contracts:
 *
 * <ul>
 *   <li>{@code AbilityContract}: what the engine says that it can do it can, and nothing else.
 *   <li>{@code AppendAndReadContract}: what goes in comes out, cut and bounded as asked for.
 *   <li>{@code TimestampContract}: the search by time.
 *   <li>{@code TrimAndTruncateContract}: what is forgotten, from the front and from the tail.
 *   <li>{@code CheckpointContract}: the small notes.
 *   <li>{@code FencingContract}: who opened under a lower epoch is shut out.
 *   <li>{@code LifeCycleContract}: opening, closing, deleting, listing.
 *   <li>{@code ConcurrencyContract}: readers beside a writer.
 *   <li>{@code CrashContract}: what is left when the process is killed.
 *   <li>{@code ReplacementContract} and {@code FinishedSegmentContract}: what compaction stands on, of engines that can do it.
 *   <li>{@code ModelRun}: random operations against a list in memory; a failure prints the seed that replays it.
 * </ul>
 *
 * <p>{@link io.brokkr.testkit.storage.StorageEngineBenchmark} tells how fast the engine is. {@link io.brokkr.testkit.storage.MetadataStoreContract} is all of a metadata store. {@link io.brokkr.testkit.storage.StorageContract} and {@link
 * io.brokkr.testkit.storage.StorageFixture} are what the contracts stand on, and serve an engine's own tests as well.
 */
@NullMarked
@Stability(Stability.Level.EVOLVING)
package io.brokkr.testkit.storage;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
