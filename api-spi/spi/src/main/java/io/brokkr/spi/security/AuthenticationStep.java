package io.brokkr.spi.security;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What follows a client's token: a challenge, or the end of the exchange. Immutable, but for its bytes, which belong to whoever it is given to. */
public final class AuthenticationStep {

    private final byte[] token;
    private final @Nullable String authenticatedName;

    private AuthenticationStep(byte[] token, @Nullable String authenticatedName) {
        this.token = Objects.requireNonNull(token);
        this.authenticatedName = authenticatedName;
    }

    /** The client has to send another token in answer to this one. */
    public static AuthenticationStep challenge(byte[] token) {
        return new AuthenticationStep(token, null);
    }

    /**
     * The client has proved who it is.
     *
     * @param name whom a {@link PrincipalBuilder} gets to see
     * @param token the last one for the client, of no bytes where the mechanism has none
     */
    public static AuthenticationStep authenticated(String name, byte[] token) {
        return new AuthenticationStep(token, Objects.requireNonNull(name));
    }

    /** For the client. */
    public byte[] token() {
        return token;
    }

    /** The name that the client has proved to have, null as long as it has not. */
    public @Nullable String authenticatedName() {
        return authenticatedName;
    }
}
