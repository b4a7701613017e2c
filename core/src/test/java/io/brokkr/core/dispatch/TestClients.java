package io.brokkr.core.dispatch;

import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.core.schedule.SystemClock;
import io.brokkr.security.Security;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;

/** Connections without sockets, of clients who may do everything. */
final class TestClients {

    private static final Security OPEN = Security.none(new SystemClock(), new MetricsRegistry());

    private TestClients() {}

    /** One whose event loop is this. */
    static ClientConnection on(Executor eventLoop) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);
        return new ClientConnection("PLAINTEXT", address, 1, OPEN.connected("PLAINTEXT", address, false), eventLoop);
    }
}
