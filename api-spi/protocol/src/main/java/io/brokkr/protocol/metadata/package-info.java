/**
 * The records about topics that Apache Kafka's controllers keep in {@code __cluster_metadata} and its snapshots, generated at build time from the definitions of
 * Apache Kafka, in the same shape as {@link io.brokkr.protocol.message}.
 *
 * <p>In the value of a record each is preceded by three unsigned varints, which are not part of these classes: 1, the version of this framing; the {@code RECORD_TYPE}, which says
 * what the record is; and the version of the record (KIP-631).
 */
@NullMarked
@Stability(Stability.Level.EVOLVING)
package io.brokkr.protocol.metadata;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
