/**
 * The Kafka protocol: what every message has in common, and how it becomes bytes and comes back.
 *
 * <p>The messages themselves are generated at build time, from the definitions that published releases of Apache Kafka carry:
 * {@link io.brokkr.protocol.message} holds those that clients and brokers exchange, {@link io.brokkr.protocol.coordinator} the
 * records that the group coordinator keeps. Generated here are {@link io.brokkr.protocol.ErrorCode} and
 * {@link io.brokkr.protocol.Apis}.
 *
 * <ul>
 *   <li>A {@link io.brokkr.protocol.Message} is an immutable value that knows all its versions.
 *   <li>An {@link io.brokkr.protocol.Api} says which request goes with an API key, in which versions, behind which header.
 *   <li>{@link io.brokkr.protocol.MessageReader} and {@link io.brokkr.protocol.MessageWriter} read and write the types of the protocol.
 *       Reading bad bytes ends in {@link io.brokkr.protocol.InvalidMessageException} and in nothing else, and allocates in
 *       proportion to the bytes at hand.
 *   <li>{@link io.brokkr.protocol.RecordData} is what producers send and consumers fetch; it is passed on and not copied, so
 *       it has an owner.
 * </ul>
 *
 * <p>All of this may be used from any thread; objects that are not safe for use by several at once say so.
 */
@NullMarked
@Stability(Stability.Level.STABLE)
package io.brokkr.protocol;

import org.jspecify.annotations.NullMarked;
