package io.brokkr.core.transport;

import io.brokkr.core.dispatch.ClientConnection;
import io.brokkr.core.dispatch.Dispatcher;
import io.brokkr.pluginhost.BoundedLog;
import io.brokkr.security.Security;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** What the connections of a server share, and which there are. Thread-safe. */
final class Transport {

    /** What one connection may do. */
    record Limits(int largestRequestBytes, int connectionRequests, int connectionRequestBytes, int connections) {

        static Limits of(Configuration configuration) {
            return new Limits(
                    configuration.get(TransportSettings.LARGEST_REQUEST_BYTES),
                    configuration.get(TransportSettings.CONNECTION_REQUESTS),
                    configuration.get(TransportSettings.CONNECTION_REQUEST_BYTES),
                    configuration.get(TransportSettings.CONNECTIONS));
        }
    }

    private final Limits limits;
    private final Dispatcher dispatcher;
    private final Security security;
    private final Clock clock;
    private final Scheduler scheduler;
    private final RequestMemory memory;
    private final BoundedLog refusals;
    private final BoundedLog bugs;
    private final Metrics.Counter accepted;
    private final Metrics.Counter receivedBytes;
    private final Metrics.Counter sentBytes;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();
    private final List<Channel> acceptors = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;

    Transport(
            Configuration configuration,
            Dispatcher dispatcher,
            Security security,
            Metrics metrics,
            Clock clock,
            Scheduler scheduler) {
        this.limits = Limits.of(configuration);
        this.dispatcher = dispatcher;
        this.security = security;
        this.clock = clock;
        this.scheduler = scheduler;
        this.memory = new RequestMemory(requestMemoryBytes(configuration));
        this.refusals = new BoundedLog(LoggerFactory.getLogger(Server.class), clock);
        this.bugs = new BoundedLog(LoggerFactory.getLogger(Server.class), clock);
        this.accepted = metrics.counter("brokkr_connections_total", "Connections that were accepted", Map.of());
        this.receivedBytes =
                metrics.counter("brokkr_received_bytes_total", "Bytes that were read from connections", Map.of());
        this.sentBytes = metrics.counter("brokkr_sent_bytes_total", "Bytes that were sent to clients", Map.of());
        metrics.gauge("brokkr_connections", "Connections that are open", Map.of(), open::get);
        metrics.gauge(
                "brokkr_request_memory_bytes",
                "What the requests take that are being received or under way",
                Map.of(),
                memory::takenBytes);
    }

    private static long requestMemoryBytes(Configuration configuration) {
        long bytes = configuration.get(TransportSettings.REQUEST_MEMORY_BYTES);
        return bytes < 0 ? Runtime.getRuntime().maxMemory() / 4 : bytes;
    }

    Limits limits() {
        return limits;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Clock clock() {
        return clock;
    }

    /** For what goes by the broker's time, and not by that of the sockets. */
    Scheduler scheduler() {
        return scheduler;
    }

    RequestMemory memory() {
        return memory;
    }

    /** For what clients do wrong. */
    BoundedLog refusals() {
        return refusals;
    }

    /** For what is wrong here. */
    BoundedLog bugs() {
        return bugs;
    }

    Metrics.Counter receivedBytes() {
        return receivedBytes;
    }

    Metrics.Counter sentBytes() {
        return sentBytes;
    }

    int openConnections() {
        return open.get();
    }

    void onListening(Channel acceptor) {
        acceptors.add(acceptor);
    }

    /** A connection was accepted; on its event loop. */
    void onAccepted(String listener, boolean mustAuthenticate, SocketChannel channel) {
        InetSocketAddress address = channel.remoteAddress();
        ClientConnection client = new ClientConnection(
                listener,
                address,
                numbers.incrementAndGet(),
                security.connected(listener, address, mustAuthenticate),
                executor(channel.eventLoop()));
        Connection connection = new Connection(this, channel, client);
        channel.pipeline().addLast(connection);
        connections.add(connection);
        accepted.add(1);
        if (open.incrementAndGet() == limits.connections()) {
            refusals.warn(
                    "{} connections are open, as many as {} allows: further ones have to wait",
                    limits.connections(),
                    TransportSettings.CONNECTIONS);
            acceptWhileBelowLimit();
        }
        if (stopping) {
            connection.stop();
        }
    }

    /** A connection is closed; on its event loop. */
    void onClosed(Connection connection) {
        connections.remove(connection);
        int before = open.getAndDecrement();
        if (before == limits.connections()) {
            acceptWhileBelowLimit();
        }
        if (before == 1 && stopping) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    private synchronized void acceptWhileBelowLimit() {
        boolean accept = open.get() < limits.connections();
        acceptors.forEach(acceptor -> acceptor.config().setAutoRead(accept));
    }

    /** Whoever waits for a stage must not wait for ever, so tasks that come after the end of the loop run where they are. */
    private static Executor executor(EventLoop loop) {
        return task -> {
            try {
                loop.execute(task);
            } catch (RejectedExecutionException ended) {
                task.run();
            }
        };
    }

    void closeIdle(Duration limit) {
        connections.forEach(connection -> connection.closeIfIdle(limit));
    }

    void stopAll() {
        stopping = true;
        connections.forEach(Connection::stop);
    }

    /** Whether the last connection was closed in time; after {@link #stopAll}. */
    synchronized boolean awaitClosed(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            for (long rest = limit.toNanos(); open.get() > 0 && rest > 0; rest = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, rest);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return open.get() == 0;
    }

    void closeAll() {
        connections.forEach(Connection::close);
    }
}
