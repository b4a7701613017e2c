package io.brokkr.spi.security;

/** Says who a client is, by whatever rule the operator has for that. Thread-safe. Made by a {@link PrincipalBuilderFactory}. */
@FunctionalInterface
public interface PrincipalBuilder {

    /**
     * Names the principal of a connection. Called on its event loop or where an {@link AuthenticationExchange} ended, so it must not block: once, before the first request that needs it, or when the client has
     * authenticated.
     *
     * @throws io.brokkr.spi.ApiException {@code SASL_AUTHENTICATION_FAILED} if this client is nobody, with a message that it may be shown; its connection is closed. So is it after any other exception, which is logged with its stack
     */
    Principal build(ClientIdentity client);
}
