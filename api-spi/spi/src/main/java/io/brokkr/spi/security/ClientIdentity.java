package io.brokkr.spi.security;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What is known of a client without believing it. Immutable; may say more in later versions. */
public interface ClientIdentity {

    /** The name of the listener that took the connection, for example {@code PLAINTEXT}. */
    String listener();

    /** Where the client is. */
    InetSocketAddress address();

    /** The mechanism by which the client proved who it is, such as {@code PLAIN}; null if it was not asked, or has not done so yet. */
    @Nullable
    String mechanism();

    /** The name that it proved to have; null where there is no {@link #mechanism}. */
    @Nullable
    String authenticatedName();
}
