/**
 * The message formats 0 and 1, which clients before Kafka 0.11 write and read, and the way from them to record batches and back.
 *
 * <p>A log holds record batches only. {@link io.brokkr.protocol.record.legacy.UpConversion} turns what an old producer sends into batches, {@link
 * io.brokkr.protocol.record.legacy.DownConversion} turns batches into what an old consumer reads. Both look at one message at a time, so that they take memory for
 * what they make and for the largest message, whatever the lengths in the bytes claim.
 *
 * <p>The unit is the {@linkplain io.brokkr.protocol.record.legacy.LegacyMessage message}. Messages follow each other in a message set. Compressed messages are a message
 * set of their own, which is the value of one outer message, the wrapper:
 *
 * <pre>
 *   message set    offset int64, size int32, message          again and again, without a count
 *   wrapper        attributes with a compression, no key, value: a message set, compressed
 *                  its offset is that of its last inner message
 *   inner offsets  magic 0: those of the log     magic 1: counted from the first inner message, 0, 1, 2 (KIP-31)
 * </pre>
 *
 * <p>Source: "Old Message Format" in the documentation of Apache Kafka, KIP-31, KIP-32. See the package page of {@link io.brokkr.protocol.record} for ownership,
 * buffers, threads and errors, which are the same here.
 */
@NullMarked
@Stability(Stability.Level.EVOLVING)
package io.brokkr.protocol.record.legacy;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
