package io.brokkr.spi;

import io.brokkr.protocol.Api;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What is known of a request besides its body. Immutable. */
public interface RequestContext {

    /** Which API it is, as its handler serves it. */
    Api<?> api();

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

    /**
     * The event loop of the connection, on which the handler was called. A handler that is woken on somebody else's thread, such as that which moved a
     * watermark, goes on here, so that nobody waits for it.
     */
    Executor executor();
}
