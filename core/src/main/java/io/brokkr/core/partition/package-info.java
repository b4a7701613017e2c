/**
 * Partitions: everything about a log of record batches that is the same on every storage engine.
 *
 * <h2>Who does what</h2>
 *
 * <ol>
 *   <li>{@link io.brokkr.core.partition.PartitionRegistry} finds a partition by its name and opens it at its first use; a partition that nobody
 *       uses costs nothing. It closes all of them, deletes those of deleted topics, and sees to retention.
 *   <li>{@link io.brokkr.core.partition.PartitionLeader} is what handlers hold: it outlives a log that failed and has to be opened again.
 *   <li>{@link io.brokkr.core.partition.LeaderLog} is one opening of a log: it gives offsets, keeps the order, moves the watermarks.
 *   <li>The rest is one concern a class: {@link io.brokkr.core.partition.BatchValidator}, {@link
 *       io.brokkr.core.partition.AppendInterception} and {@link io.brokkr.core.partition.ReadInterception} for what plugins have to say on records, {@link
 *       io.brokkr.core.partition.ProducerStates} for idempotent producers, {@link io.brokkr.core.partition.LeaderEpochs}, {@link
 *       io.brokkr.core.partition.Watermark} with those who wait for it, {@link io.brokkr.core.partition.TimestampSearch}, {@link
 *       io.brokkr.core.partition.RetentionRule}.
 * </ol>
 *
 * <h2>The way of an append</h2>
 *
 * <pre>
 *   another thread    convert old formats, intercept, compress anew             only where that is due; one append after the other
 *   caller's thread   validate: size, magic, CRC, header, timestamps            no lock
 *                     producer's sequence, offsets, epoch, engine's append      short lock of the partition, so in order
 *   engine's thread   the append is complete: log end offset moves              acks=1 is answered
 *                     durability=synced: sync, at most one under way            many appends share one
 *                     high watermark moves                                      acks=all is answered, waiting fetches are woken
 * </pre>
 *
 * <p>With {@code durability=written} the high watermark moves with the log end offset, and nothing is synced.
 *
 * <p>If the engine fails, every append under way fails, and the log is opened again when the partition is next used: nobody knows what the device
 * kept, so the state of producers is read from the log again.
 */
@NullMarked
package io.brokkr.core.partition;

import org.jspecify.annotations.NullMarked;
