/**
 * The keys and values of the records that the group coordinator keeps in {@code __consumer_offsets}, generated at build time from the
 * definitions of Apache Kafka, in the same shape as {@link io.brokkr.protocol.message}.
 *
 * <p>In a record each is preceded by an int16, which is not part of these classes: before a key it is the {@code RECORD_TYPE}, which
 * says what the record is, before a value it is the version of the value.
 */
@NullMarked
@Stability(Stability.Level.EVOLVING)
package io.brokkr.protocol.coordinator;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
