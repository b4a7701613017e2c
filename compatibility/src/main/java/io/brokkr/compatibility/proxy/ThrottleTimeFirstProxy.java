package io.brokkr.compatibility.proxy;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a broker on loopback and forwards every frame as it is, but for responses to Produce of the versions 1 to 8: in these {@code throttle_time_ms} comes first, as a
 * faulty broker wrote it. Clients follow the addresses that the broker advertises, so the broker must advertise the proxy's.
 *
 * <p>Bounded: {@value #MOST_CONNECTIONS} connections at a time, of which each holds a frame of at most {@value #LARGEST_FRAME} bytes in each direction. May be closed by any thread.
 */
public final class ThrottleTimeFirstProxy implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 100;
    private static final int LARGEST_FRAME = 16 * 1024 * 1024;

    private final ServerSocket server;
    private final InetSocketAddress broker;
    private final Semaphore free = new Semaphore(MOST_CONNECTIONS);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final NavigableSet<Integer> versions = new ConcurrentSkipListSet<>();
    private final AtomicInteger moved = new AtomicInteger();

    /** Listens on a port of the system's choice from now on; the broker is connected to when a client comes. */
    public ThrottleTimeFirstProxy(int brokerPort) throws IOException {
        broker = new InetSocketAddress(InetAddress.getLoopbackAddress(), brokerPort);
        server = new ServerSocket(0, MOST_CONNECTIONS, InetAddress.getLoopbackAddress());
        start(this::accept, "accept");
    }

    /** Where clients connect. */
    public int port() {
        return server.getLocalPort();
    }

    /** The versions of the produce requests that came, in their order. */
    public NavigableSet<Integer> produceVersions() {
        return new TreeSet<>(versions);
    }

    /** How many responses were changed. */
    public int movedResponses() {
        return moved.get();
    }

    /** Ends all connections, and takes no more. */
    @Override
    public void close() {
        closeQuietly(server);
        open.forEach(ThrottleTimeFirstProxy::closeQuietly);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (free.tryAcquire()) {
                    start(() -> serve(client), "client");
                } else {
                    closeQuietly(client);
                }
            } catch (IOException e) {
                // Closed, or a client that was gone before it was accepted.
            }
        }
    }

    private void serve(Socket client) {
        Socket upstream = new Socket();
        try (client;
                upstream) {
            open.addAll(List.of(client, upstream));
            if (server.isClosed()) {
                return;
            }
            upstream.connect(broker);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            ProduceExchange exchange = new ProduceExchange(versions::add, moved::incrementAndGet);
            Thread responses = start(() -> forward(upstream, client, exchange::response), "broker");
            forward(client, upstream, frame -> {
                exchange.request(frame);
                return frame;
            });
            responses.join();
        } catch (IOException e) {
            // The broker is gone: the client's connection ends, as it would without a proxy.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.removeAll(List.of(client, upstream));
            free.release();
        }
    }

    /** Until the one side says no more; then the other side is told so, and may still answer what it was asked. A failure ends both. */
    private void forward(Socket from, Socket to, Change change) {
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to.getOutputStream()));
            while (true) {
                int length = in.readInt();
                if (length < 0 || length > LARGEST_FRAME) {
                    throw new IOException("a frame of " + length + " bytes");
                }
                byte[] frame = new byte[length];
                in.readFully(frame);
                out.writeInt(length);
                out.write(change.of(frame));
                out.flush();
            }
        } catch (EOFException end) {
            shutdownOutput(to);
        } catch (IOException e) {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void shutdownOutput(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(AutoCloseable connection) {
        try {
            connection.close();
        } catch (Exception e) {
            // It is gone, which is what was wanted.
        }
    }

    private static Thread start(Runnable work, String name) {
        Thread thread = new Thread(work, "throttle-time-first-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** What is forwarded of a frame. */
    @FunctionalInterface
    private interface Change {
        byte[] of(byte[] frame) throws IOException;
    }
}
