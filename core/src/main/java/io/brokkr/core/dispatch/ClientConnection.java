package io.brokkr.core.dispatch;

import io.brokkr.security.ConnectionSession;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;

/**
 * Who is at the other end of a connection. Immutable, but for its session.
 *
 * @param listener the name of the listener that took the connection
 * @param address where the client is
 * @param number counts the connections of this broker
 * @param session how far the client has come
 * @param executor the event loop of the connection; takes tasks for as long as anybody holds on to it
 */
public record ClientConnection(
        String listener, InetSocketAddress address, long number, ConnectionSession session, Executor executor) {

    /** Names the connection, unique while the broker runs. */
    public String id() {
        return listener + "-" + address.getHostString() + ":" + address.getPort() + "-" + number;
    }

    /** For the log. */
    @Override
    public String toString() {
        return address.getHostString() + ":" + address.getPort() + " (" + listener + ")";
    }
}
