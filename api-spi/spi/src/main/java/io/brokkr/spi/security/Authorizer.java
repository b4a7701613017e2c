package io.brokkr.spi.security;

import io.brokkr.spi.RequestContext;

/** Decides what clients may do. Thread-safe. Made by an {@link AuthorizerFactory}. */
@FunctionalInterface
public interface Authorizer {

    /**
     * Whether the client may do it: {@link RequestContext#principal} says who it is. Called by handlers through {@link RequestContext#allows}, mostly on event loops and for each topic of each request: it must not block, and
     * should take no longer than a look into a map. A request that is denied is answered as Kafka does it, per topic where the API can say so.
     *
     * <p>One that throws has denied; the failure is logged.
     */
    boolean allows(RequestContext request, Operation operation, Resource resource);
}
