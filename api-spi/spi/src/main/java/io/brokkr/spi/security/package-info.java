/**
 * Who clients are, what they may do, and how much.
 *
 * <pre>
 *   connection ─► {@link io.brokkr.spi.security.Authenticator} (one for each SASL mechanism) ─► name ─► {@link io.brokkr.spi.security.PrincipalBuilder} ─► {@link io.brokkr.spi.security.Principal}
 *   request    ─► handler ─► {@link io.brokkr.spi.security.Authorizer} may it? ─► {@link io.brokkr.spi.security.ClientQuota} how long must it pause? ─► response
 * </pre>
 *
 * <h2>Life cycle</h2>
 *
 * <ol>
 *   <li>The plugin host finds factories with {@link java.util.ServiceLoader} and calls their public constructor without arguments; settings are asked before the configuration is read.
 *   <li>{@code create} is called once, when the storage is open, and before any handler is made. Of principal builders, authorizers and quotas only that one is created which the configuration names; of
 *       authenticators all are.
 *   <li>What is named and missing, or fails, keeps the broker from starting: a broker that should ask who comes in must not stay open because a jar is broken.
 *   <li>For the same reason these plugins are there from the start of the broker to its end: one that is put into the folder of a running broker works from the next start on, and one that is taken away works until then.
 *   <li>{@code close} is called when all connections are closed.
 * </ol>
 *
 * <h2>Threads</h2>
 *
 * <ol>
 *   <li>All are called concurrently, for many connections, and on event loops: none may block. Only the stages of {@link io.brokkr.spi.security.AuthenticationExchange#proceed} may take their time.
 *   <li>The thread's context class loader is the plugin's during the call.
 * </ol>
 *
 * <h2>Failure</h2>
 *
 * <p>What fails denies: an authenticator has not authenticated, a principal builder has nobody to name, and the connection is closed; an authorizer does not allow. Only a quota that fails lets the client go on. Each failure that is
 * not an {@link io.brokkr.spi.ApiException} is logged with the plugin's name.
 *
 * <h2>What handlers owe</h2>
 *
 * <p>No one but the handler of an API knows what a request is about. So it is the handler that asks {@link io.brokkr.spi.RequestContext#allows}, for every topic, group or cluster that the request names, before it does or
 * tells anything, and that answers as Kafka does: {@code TOPIC_AUTHORIZATION_FAILED}, {@code GROUP_AUTHORIZATION_FAILED} or {@code CLUSTER_AUTHORIZATION_FAILED}, in the same form whether or not there is such a
 * topic or group. Lists leave out what the client may not {@linkplain io.brokkr.spi.security.Operation#DESCRIBE describe}.
 */
@NullMarked
@Stability(Stability.Level.EVOLVING)
package io.brokkr.spi.security;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
