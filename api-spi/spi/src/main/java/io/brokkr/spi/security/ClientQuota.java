package io.brokkr.spi.security;

import io.brokkr.spi.RequestContext;
import java.time.Duration;

/** Decides who has used up too much. Thread-safe. Made by a {@link ClientQuotaFactory}. */
@FunctionalInterface
public interface ClientQuota {

    /**
     * Counts what a request has used, and says how long the client has to pause for that. The request itself is served: its answer carries the pause, and the broker takes no further request from the connection until it is
     * over (KIP-219). Called by handlers through {@link RequestContext#charge}, on the threads that complete them: must not block.
     *
     * <p>One that throws is logged, and the client does not pause.
     *
     * @param amount in the unit of the type; 0 or more
     * @return {@link Duration#ZERO} for no pause; never negative. The broker makes a minute of what is longer, since what the client sends meanwhile takes its memory. What is longer than {@code throttle_time_ms} can tell, 24 days, is cut
     */
    Duration charge(RequestContext request, QuotaType type, long amount);
}
