package io.brokkr.security;

import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.ServesUnauthenticated;
import io.brokkr.spi.security.AuthenticationExchange;
import io.brokkr.spi.security.AuthenticationStep;
import io.brokkr.spi.security.Authenticator;
import io.brokkr.spi.security.ClientSession;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.QuotaType;
import io.brokkr.spi.security.Resource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * How far the client of one connection has come.
 *
 * <pre>
 *                                                    ┌─ challenge ─┐
 *                                                    ▼             │
 *   MUST_AUTHENTICATE ─ beginAuthentication ─► CLIENTS_TURN ─ token ─► MECHANISMS_TURN ─ name ─► KNOWN
 *   UNKNOWN ─ first request ─► KNOWN                                        └─────────── failure ─► NOBODY
 * </pre>
 *
 * <p>Moved on by one thread at a time: by the event loop of the connection, and by whatever thread completes a step of a mechanism, while the event loop only looks.
 */
public final class ConnectionSession implements ClientSession {

    private enum State {
        UNKNOWN,
        MUST_AUTHENTICATE,
        CLIENTS_TURN,
        MECHANISMS_TURN,
        KNOWN,
        NOBODY
    }

    private record Exchange(String mechanism, HostedPlugin plugin, AuthenticationExchange exchange) {}

    private final Security security;
    private final ConnectedClient client;
    private @Nullable Exchange exchange;
    private volatile Principal principal = Principal.ANONYMOUS;
    private volatile State state;
    /** As the clock counts; null for a client that never had to pause. */
    private volatile @Nullable Long pausedUntilNanos;

    ConnectionSession(Security security, String listener, InetSocketAddress address, boolean mustAuthenticate) {
        this.security = security;
        this.client = new ConnectedClient(listener, address, null, null);
        this.state = mustAuthenticate ? State.MUST_AUTHENTICATE : State.UNKNOWN;
    }

    /**
     * Whether a request may go to a handler. On the event loop.
     *
     * @return false if the client has to authenticate first, could not, or is nobody; its connection is to be closed
     */
    public boolean admits(Object handler) {
        State now = state;
        if (now == State.KNOWN) {
            return true;
        }
        if (now == State.UNKNOWN) {
            return isSomebody();
        }
        return now != State.NOBODY && handler instanceof ServesUnauthenticated;
    }

    /** Whether the client has to authenticate and has not done so. On any thread. */
    public boolean isStranger() {
        State now = state;
        return now != State.KNOWN && now != State.UNKNOWN;
    }

    private boolean isSomebody() {
        try {
            know(client);
            return true;
        } catch (RuntimeException | LinkageError | StackOverflowError nobody) {
            fail(nobody);
            return false;
        }
    }

    private void know(ConnectedClient known) {
        principal = Objects.requireNonNull(security.principalOf(known), "there is no principal");
        state = State.KNOWN;
    }

    @Override
    public Principal principal() {
        return principal;
    }

    @Override
    public Set<String> mechanisms() {
        return security.mechanisms();
    }

    @Override
    public void beginAuthentication(String mechanism) {
        if (state != State.MUST_AUTHENTICATE) {
            throw new ApiException(
                    ErrorCode.ILLEGAL_SASL_STATE,
                    state == State.UNKNOWN || (state == State.KNOWN && exchange == null)
                            ? "the listener " + client.listener() + " does not ask clients to authenticate"
                            : "the client has begun to authenticate already");
        }
        Hosted<Authenticator> authenticator = security.authenticator(mechanism);
        if (authenticator == null) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_SASL_MECHANISM,
                    "there is no SASL mechanism of this name, only " + String.join(", ", mechanisms()));
        }
        HostedPlugin plugin = authenticator.plugin();
        try {
            exchange = new Exchange(
                    mechanism, plugin, plugin.call(() -> authenticator.made().begin(client)));
            state = State.CLIENTS_TURN;
        } catch (RuntimeException | LinkageError | StackOverflowError failure) {
            throw fail(failure);
        }
    }

    @Override
    public CompletionStage<byte[]> authenticate(byte[] token) {
        Exchange under = exchange;
        if (state != State.CLIENTS_TURN || under == null) {
            return CompletableFuture.failedStage(
                    new ApiException(ErrorCode.ILLEGAL_SASL_STATE, "it is not the client's turn to send a SASL token"));
        }
        state = State.MECHANISMS_TURN;
        CompletionStage<AuthenticationStep> step;
        try {
            step = under.plugin.call(() -> under.exchange.proceed(token));
            Objects.requireNonNull(step, "there is no stage");
        } catch (RuntimeException | LinkageError | StackOverflowError failure) {
            step = CompletableFuture.failedStage(failure);
        }
        return step.handle((done, failure) -> {
            if (failure != null) {
                throw fail(failure);
            }
            return moveOn(under.mechanism, done);
        });
    }

    private byte[] moveOn(String mechanism, @Nullable AuthenticationStep done) {
        try {
            Objects.requireNonNull(done, "there is no next step");
            String name = done.authenticatedName();
            if (name == null) {
                state = State.CLIENTS_TURN;
            } else {
                know(client.authenticated(mechanism, name));
            }
            return done.token();
        } catch (RuntimeException | LinkageError | StackOverflowError failure) {
            throw fail(failure);
        }
    }

    /** From now on the client is nobody; returns what it may be shown. */
    private ApiException fail(Throwable failure) {
        state = State.NOBODY;
        ApiException refusal = ApiException.in(failure);
        if (refusal == null || refusal.error() != ErrorCode.SASL_AUTHENTICATION_FAILED) {
            // Strangers are not told of what may stand in it, such as the names of other servers.
            security.authenticationFailed(client, "the plugin that was asked failed", failure);
            return new ApiException(ErrorCode.SASL_AUTHENTICATION_FAILED, "the broker failed", failure);
        }
        security.authenticationFailed(client, String.valueOf(refusal.getMessage()), null);
        return refusal;
    }

    @Override
    public boolean allows(RequestContext request, Operation operation, Resource resource) {
        return security.allows(request, operation, resource);
    }

    @Override
    public Duration charge(RequestContext request, QuotaType type, long amount) {
        Duration pause = security.charge(request, type, amount);
        if (!pause.isZero()) {
            pauseUntil(security.clock().nanos() + pause.toNanos());
        }
        return pause;
    }

    /** Several requests may be charged at the same time, and the longest pause holds for all of them. */
    private synchronized void pauseUntil(long nanos) {
        Long before = pausedUntilNanos;
        if (before == null || nanos - before > 0) {
            pausedUntilNanos = nanos;
        }
    }

    /** How long no request may be taken from the connection, 0 or less for no time at all. On any thread. */
    public long pauseNanos() {
        Long until = pausedUntilNanos;
        return until == null ? 0 : until - security.clock().nanos();
    }
}
