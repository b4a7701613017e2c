package io.brokkr.spi.security;

import java.util.concurrent.CompletionStage;

/** The tokens that one client and an {@link Authenticator} send each other. Used for one step at a time, and dropped when it has ended or the connection is closed. */
@FunctionalInterface
public interface AuthenticationExchange {

    /**
     * Takes a token of the client. Called on the event loop of the connection, so it must not block: what waits for a disk or another server goes to {@link io.brokkr.spi.Scheduler#blocking}, or, where it takes long, to threads of the plugin's own: anybody can connect and begin, so that there must be a bound to what waits for them. Not called again before the
     * stage is complete, and never after it said who the client is, or failed.
     *
     * @param token as the client sent it, to keep or to overwrite; of any length, with anything in it
     * @return what follows; or fails with an {@link io.brokkr.spi.ApiException} of {@code SASL_AUTHENTICATION_FAILED}, whose message the client is shown: it must not tell whether the name or the password was wrong. Any
     *     other failure is a bug: it is logged, and the client is told that the authentication failed. The connection is of no use afterwards
     */
    CompletionStage<AuthenticationStep> proceed(byte[] token);
}
