/**
 * The engine {@code s3}: logs in any object store that speaks S3.
 *
 * <h2>What lies in the bucket</h2>
 *
 * <pre>
 *   PREFIX logs/TOPIC/TOPIC-ID/PARTITION                      the log object, {@link io.brokkr.storage.s3.LogObject}
 *   PREFIX data/TOPIC/TOPIC-ID/PARTITION/BASE_END_...         batches, {@link io.brokkr.storage.s3.DataObject}
 *   PREFIX notes/TOPIC/TOPIC-ID/PARTITION/NAME                a checkpoint
 * </pre>
 *
 * <p>All that has to be known of a data object stands in its key, so that opening a log takes the log object and a listing, whatever the log's size.
 *
 * <h2>Writing</h2>
 *
 * <p>Batches gather in memory ({@link io.brokkr.storage.s3.Tail}). An object is put when a sync is asked for, with all that waits in the log at that moment, or when what waits has a
 * size or an age. A log puts one object at a time; what comes meanwhile goes into the next one.
 *
 * <h2>Who may write</h2>
 *
 * <p>Each opening gives the log a new generation, in the log object, with a conditional write. Data objects carry the generation of their writer. After each put, and before it counts, the writer looks
 * whether the log object is still its own ({@link io.brokkr.storage.s3.LogOwner}). So what was acknowledged lay in the store before the next opener listed it, and what a
 * writer that was shut out puts later is never acknowledged: {@link io.brokkr.storage.s3.ObjectChain} leaves it out if somebody else has written there.
 *
 * <h2>What makes the log</h2>
 *
 * <p>Data objects whose offsets follow each other without a gap. A put is whole or not there, so a crash leaves nothing to repair: an object that others have replaced lies in the way of nobody, and the next
 * opener deletes it.
 *
 * <h2>Threads</h2>
 *
 * <p>Everything of one log that changes the store is done in {@link io.brokkr.storage.s3.Turns}, one piece after the other, on threads that wait for the store; but for merges, which touch only what is
 * stored already, and checkpoints, which have turns of their own. What is in memory is guarded by the monitor of {@link io.brokkr.storage.s3.S3Log}, which nobody holds while he waits for the store.
 */
@NullMarked
package io.brokkr.storage.s3;

import org.jspecify.annotations.NullMarked;
