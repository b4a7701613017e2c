package io.brokkr.spi.security;

import io.brokkr.protocol.Stability;
import io.brokkr.spi.RequestContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A connection as far as it matters who is at its other end. Handlers ask {@link RequestContext#principal}, {@link RequestContext#allows} and {@link RequestContext#charge}; those that authenticate clients (SaslHandshake and
 * SaslAuthenticate, or whatever other API) do it here.
 *
 * <p>Of a client on a listener that asks for authentication, requests go to handlers that are marked with {@link io.brokkr.spi.ServesUnauthenticated}, and to no others before it has authenticated: its connection is closed
 * when it tries. After a failure no request is served at all.
 */
@Stability(Stability.Level.STABLE)
public interface ClientSession {

    /** Who the client is; {@link Principal#ANONYMOUS} as long as it has not authenticated. */
    Principal principal();

    /** The mechanisms that there are, in the order of their names. */
    Set<String> mechanisms();

    /**
     * Begins to authenticate by a mechanism. On the event loop of the connection.
     *
     * @throws io.brokkr.spi.ApiException {@code UNSUPPORTED_SASL_MECHANISM} if there is no such mechanism, after which the client may choose another; {@code ILLEGAL_SASL_STATE} if the listener asks for nothing, or if
     *     this was begun already
     */
    void beginAuthentication(String mechanism);

    /**
     * Gives the next token to the mechanism. On the event loop of the connection.
     *
     * @param token the mechanism's from now on
     * @return complete with what it has to say; if it has no further question, the client has authenticated. Fails with an {@code ApiException} that the client may be shown: {@code SASL_AUTHENTICATION_FAILED}, or {@code
     *     ILLEGAL_SASL_STATE} if it is not the client's turn
     */
    CompletionStage<byte[]> authenticate(byte[] token);

    /** What {@link RequestContext#allows} says. */
    boolean allows(RequestContext request, Operation operation, Resource resource);

    /** What {@link RequestContext#charge} does. */
    Duration charge(RequestContext request, QuotaType type, long amount);
}
