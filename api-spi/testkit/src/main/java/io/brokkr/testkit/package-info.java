/**
 * A broker for tests, inside of the test's own process, and the wire to talk to it.
 *
 * <ul>
 *   <li>{@link io.brokkr.testkit.EmbeddedBroker}: the real broker with exactly the extensions that the test names, on a free port.
 *   <li>{@link io.brokkr.testkit.EmbeddedBrokerExtension}: the same for JUnit, which starts and ends it.
 *   <li>{@link io.brokkr.testkit.WireClient}: sends a request at a version and reads the response; no retries, no background work, no opinion.
 *   <li>{@link io.brokkr.testkit.HandlerHarness}: one handler without a broker, still by way of the bytes.
 *   <li>{@link io.brokkr.testkit.MemoryMetadataStore}: a metadata store that forgets.
 *   <li>{@link io.brokkr.testkit.TestAuthorizer} and {@link io.brokkr.testkit.TestQuota}: what clients of such a broker may do and have to pause for, as the test says.
 * </ul>
 */
@NullMarked
@Stability(Stability.Level.EVOLVING)
package io.brokkr.testkit;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
