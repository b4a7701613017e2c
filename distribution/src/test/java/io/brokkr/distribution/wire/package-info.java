/**
 * The faults that Kafka-compatible brokers had, a test each, on all plugins that ship: what goes over the wire is composed and read byte by byte or by Kafka's own
 * classes, by no code that the broker is made of, so that a fault of its codec cannot hide in both.
 *
 * <ul>
 *   <li>{@link io.brokkr.distribution.wire.VersionNegotiationTest}: headers, and which versions there are
 *   <li>{@link io.brokkr.distribution.wire.EveryVersionTest}: what is advertised is served, and the rest is refused
 *   <li>{@link io.brokkr.distribution.wire.ProducingTest} and {@link io.brokkr.distribution.wire.IdempotentProducingTest}
 *   <li>{@link io.brokkr.distribution.wire.FetchingTest}, {@link io.brokkr.distribution.wire.WaitingFetchTest}, {@link
 *       io.brokkr.distribution.wire.FetchSessionsTest}: records and sessions
 *   <li>{@link io.brokkr.distribution.wire.OffsetsTest}: offsets by time and by leader epoch
 *   <li>{@link io.brokkr.distribution.wire.OldFormatsTest}: message sets of the formats before Kafka 0.11
 *   <li>{@link io.brokkr.distribution.wire.GroupsTest}, {@link io.brokkr.distribution.wire.StaticMembersTest}, {@link
 *       io.brokkr.distribution.wire.CommittedOffsetsTest}
 *   <li>{@link io.brokkr.distribution.wire.MetadataAndAdministrationTest}
 *   <li>{@link io.brokkr.distribution.wire.HarmfulRecordsTest}: records that are made to do harm
 * </ul>
 */
package io.brokkr.distribution.wire;
