package io.brokkr.security;

import io.brokkr.spi.security.ClientIdentity;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What is known of the client of a connection. */
record ConnectedClient(
        String listener, InetSocketAddress address, @Nullable String mechanism, @Nullable String authenticatedName)
        implements ClientIdentity {

    /** The same, which has proved to have a name. */
    ConnectedClient authenticated(String by, String name) {
        return new ConnectedClient(listener, address, by, name);
    }

    /** For the log. */
    @Override
    public String toString() {
        return "the client at " + address.getHostString() + ":" + address.getPort() + " (" + listener + ")";
    }
}
