package io.brokkr.spi.security;

import io.brokkr.protocol.Stability;

/**
 * Who sends requests. Immutable.
 *
 * @param type the kind of name, {@code User} unless a {@link PrincipalBuilder} says otherwise
 * @param name the name, in whatever letters
 */
@Stability(Stability.Level.STABLE)
public record Principal(String type, String name) {

    /** The type of users, which is what Kafka's tools take a principal for. */
    public static final String USER = "User";

    /** A client that did not prove who it is, as Kafka calls it. */
    public static final Principal ANONYMOUS = user("ANONYMOUS");

    /** A user. */
    public static Principal user(String name) {
        return new Principal(USER, name);
    }

    /** As Kafka's tools write it, such as {@code User:alice}. */
    @Override
    public String toString() {
        return type + ":" + name;
    }
}
