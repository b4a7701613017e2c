package io.brokkr.security;

import io.brokkr.pluginhost.BoundedLog;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.security.Authenticator;
import io.brokkr.spi.security.Authorizer;
import io.brokkr.spi.security.ClientIdentity;
import io.brokkr.spi.security.ClientQuota;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.PrincipalBuilder;
import io.brokkr.spi.security.QuotaType;
import io.brokkr.spi.security.Resource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The rules by which clients are let in, as plugins have them. Whoever fails denies. Thread-safe. */
public final class Security {

    /** What {@code throttle_time_ms} can tell. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final TreeMap<String, Hosted<Authenticator>> authenticators;
    private final @Nullable Hosted<PrincipalBuilder> builder;
    private final @Nullable Hosted<Authorizer> authorizer;
    private final @Nullable Hosted<ClientQuota> quota;
    private final Clock clock;
    private final BoundedLog log;
    private final Metrics.Counter failures;
    private final Metrics.Counter denials;
    private final Metrics.Counter pauses;

    Security(
            Map<String, Hosted<Authenticator>> authenticators,
            @Nullable Hosted<PrincipalBuilder> builder,
            @Nullable Hosted<Authorizer> authorizer,
            @Nullable Hosted<ClientQuota> quota,
            Clock clock,
            Metrics metrics) {
        this.authenticators = new TreeMap<>(authenticators);
        this.builder = builder;
        this.authorizer = authorizer;
        this.quota = quota;
        this.clock = clock;
        this.log = new BoundedLog(LoggerFactory.getLogger(Security.class), clock);
        this.failures = metrics.counter(
                "brokkr_authentication_failures_total", "Clients that did not prove who they are", Map.of());
        this.denials =
                metrics.counter("brokkr_denied_total", "How often a client was not allowed what it wanted", Map.of());
        this.pauses = metrics.counter("brokkr_client_pauses_total", "How often a client had to pause", Map.of());
    }

    /** Everybody may do everything. */
    public static Security none(Clock clock, Metrics metrics) {
        return new Security(Map.of(), null, null, null, clock, metrics);
    }

    /** A client has connected. */
    public ConnectionSession connected(String listener, InetSocketAddress address, boolean mustAuthenticate) {
        return new ConnectionSession(this, listener, address, mustAuthenticate);
    }

    /** The mechanisms by which clients can authenticate, in the order of their names. */
    public Set<String> mechanisms() {
        return Collections.unmodifiableSet(authenticators.keySet());
    }

    @Nullable
    Hosted<Authenticator> authenticator(String mechanism) {
        return authenticators.get(mechanism);
    }

    /**
     * Says who a client is.
     *
     * @throws RuntimeException or {@link LinkageError} if it is nobody
     */
    Principal principalOf(ClientIdentity client) {
        if (builder == null) {
            String name = client.authenticatedName();
            return name == null ? Principal.ANONYMOUS : Principal.user(name);
        }
        return builder.plugin().call(() -> builder.made().build(client));
    }

    boolean allows(RequestContext request, Operation operation, Resource resource) {
        if (authorizer == null) {
            return true;
        }
        HostedPlugin plugin = authorizer.plugin();
        try {
            boolean allowed = plugin.call(() -> authorizer.made().allows(request, operation, resource));
            if (!allowed) {
                denials.add(1);
            }
            return allowed;
        } catch (RuntimeException | LinkageError | StackOverflowError bug) {
            denials.add(1);
            log.error("the authorizer of the plugin " + plugin + " failed at " + operation + " of " + resource, bug);
            return false;
        }
    }

    Duration charge(RequestContext request, QuotaType type, long amount) {
        if (quota == null) {
            return Duration.ZERO;
        }
        HostedPlugin plugin = quota.plugin();
        try {
            Duration pause = plugin.call(() -> quota.made().charge(request, type, amount));
            if (pause.isNegative() || pause.isZero()) {
                return Duration.ZERO;
            }
            pauses.add(1);
            return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        } catch (RuntimeException | LinkageError | StackOverflowError bug) {
            log.error("the client quota of the plugin " + plugin + " failed", bug);
            return Duration.ZERO;
        }
    }

    /** A client did not prove who it is; a failure is a bug of the plugin's, null if it is the client's. */
    void authenticationFailed(ClientIdentity client, String reason, @Nullable Throwable bug) {
        failures.add(1);
        if (bug == null) {
            log.warn("{} did not authenticate: {}", client, reason);
        } else {
            log.error(client + " did not authenticate: " + reason, bug);
        }
    }

    Clock clock() {
        return clock;
    }
}
