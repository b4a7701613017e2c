package io.brokkr.spi;

import io.brokkr.protocol.Api;
import io.brokkr.spi.security.ClientSession;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.QuotaType;
import io.brokkr.spi.security.Resource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What is known of a request besides its body. Immutable. */
public interface RequestContext {

    /** Which API it is, as its handler serves it. */
    Api<?> api();

    /** The version of the body. */
    int apiVersion();

    /** The number by which the client matches the response. */
    int correlationId();

    /** What the client calls itself, null where it does not say. */
    @Nullable
    String clientId();

    /** The name of the listener that took the connection, for example {@code PLAINTEXT}. */
    String listener();

    /** Where the client is. */
    InetSocketAddress clientAddress();

    /** Names the connection, unique while the broker runs. */
    String connectionId();

    /**
     * The event loop of the connection, on which the handler was called. A handler that is woken on somebody else's thread, such as that which moved a
     * watermark, goes on here, so that nobody waits for it.
     */
    Executor executor();

    /** The connection as far as it matters who is at its other end. */
    ClientSession session();

    /** Who the client is. */
    default Principal principal() {
        return session().principal();
    }

    /**
     * Whether the client may do it. Every handler asks this for each topic, group or cluster that a request names, before it does or tells anything; without an {@link io.brokkr.spi.security.Authorizer} everybody may do everything, and asking costs
     * next to nothing.
     */
    default boolean allows(Operation operation, Resource resource) {
        return session().allows(this, operation, resource);
    }

    /**
     * Counts what the request used up. The client has to pause for what this returns, which the handler tells it in {@code throttle_time_ms}; the broker sees to it that it does.
     *
     * @param amount in the unit of the type; 0 or more
     * @return {@link Duration#ZERO} for no pause
     */
    default Duration charge(QuotaType type, long amount) {
        return session().charge(this, type, amount);
    }
}
