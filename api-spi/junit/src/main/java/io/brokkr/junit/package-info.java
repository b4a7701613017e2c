/**
 * A Kafka broker for the tests of programs that use Kafka: inside of the test's own process, in memory, on a port of its own.
 *
 * <ul>
 *   <li>{@link io.brokkr.junit.TestBroker}: the broker, for any test framework.
 *   <li>{@link io.brokkr.junit.KafkaBroker}: the same by an annotation, for JUnit 5.
 * </ul>
 *
 * <p>Brokers know nothing of each other: as many as one likes run at the same time, in parallel tests too. Each is made of the plugins that are on the class path (or the module
 * path): those that come with this artifact, and whatever else the test brings.
 */
@NullMarked
@Stability(Stability.Level.EVOLVING)
package io.brokkr.junit;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
