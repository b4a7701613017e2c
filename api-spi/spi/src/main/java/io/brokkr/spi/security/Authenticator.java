package io.brokkr.spi.security;

/** Finds out who clients are, by one SASL mechanism. Thread-safe. Made by an {@link AuthenticatorFactory}. */
@FunctionalInterface
public interface Authenticator {

    /** Begins with a client that chose this mechanism. Called on the event loop of the connection; must not block. */
    AuthenticationExchange begin(ClientIdentity client);
}
