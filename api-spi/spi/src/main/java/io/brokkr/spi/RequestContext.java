package io.brokkr.spi;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What is known of a request besides its body. Immutable. */
public interface RequestContext {

    /** The version of the body. */
    int apiVersion();

    /** The number by which the client matches the response. */
    int correlationId();

    /** What the client calls itself, null where it does not say. */
    @Nullable
    String clientId();

    /** The name of the listener that took the connection, for example {@code PLAINTEXT}. */
    String listener();

    /** Where the client is. */
    InetSocketAddress clientAddress();

    /** Names the connection, unique while the broker runs. */
    String connectionId();
}
