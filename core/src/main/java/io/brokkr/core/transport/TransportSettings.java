package io.brokkr.core.transport;

import io.brokkr.spi.Setting;
import java.util.List;

/** What the operator may set about connections. */
public final class TransportSettings {

    private static final int MEBIBYTE = 1 << 20;

    static final Setting<List<Listener>> LISTENERS = new Setting<>(
            "listeners",
            Setting.Type.LIST,
            "PLAINTEXT://:9092",
            "Where to listen, as NAME://host:port with commas between them; without a host on all addresses of the machine.",
            Listener::parseAll);

    static final Setting<List<Listener>> ADVERTISED_LISTENERS = new Setting<>(
            "advertised.listeners",
            Setting.Type.LIST,
            "",
            "Under which addresses clients reach the listeners, if not under those that the broker listens on: NAME://host:port with"
                    + " commas between them. A listener on all addresses that is not named here is advertised as localhost, which"
                    + " clients on other machines cannot use.",
            Listener::parseAll);

    static final Setting<List<String>> SECURITY_PROTOCOLS = Setting.list(
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT",
            "Which protocol the listeners speak, as NAME:PROTOCOL with commas between them. PLAINTEXT lets everybody in;"
                    + " clients of a SASL_PLAINTEXT listener have to authenticate first, by a mechanism that a plugin has.");

    static final Setting<Integer> NETWORK_THREADS = Setting.integer(
            "num.network.threads",
            0,
            0,
            256,
            "How many threads serve the connections; 0 for one for each processor, 8 at most.");

    static final Setting<Integer> LARGEST_REQUEST_BYTES = Setting.integer(
            "socket.request.max.bytes",
            100 * MEBIBYTE,
            1024,
            Integer.MAX_VALUE - 64,
            "The largest request in bytes; the connection of a client that sends a larger one is closed.");

    static final Setting<Long> REQUEST_MEMORY_BYTES = Setting.number(
            "queued.max.request.bytes",
            -1,
            -1,
            Long.MAX_VALUE,
            "How many bytes all requests under way may take together, before further ones have to wait in their sockets; -1 for a quarter of the"
                    + " largest heap.");

    static final Setting<Integer> CONNECTION_REQUESTS = Setting.integer(
            "connection.requests.max",
            64,
            1,
            100_000,
            "How many requests of one connection may be under way, before further ones have to wait in the socket.");

    static final Setting<Integer> CONNECTION_REQUEST_BYTES = Setting.integer(
            "connection.requests.max.bytes",
            16 * MEBIBYTE,
            1,
            Integer.MAX_VALUE,
            "How many bytes the requests of one connection that are under way may take, before further ones have to wait in the socket; a"
                    + " single request may be larger.");

    static final Setting<Long> IDLE_MILLIS = Setting.number(
            "connections.max.idle.ms",
            600_000,
            -1,
            Long.MAX_VALUE / 1_000_000,
            "A connection on which nothing came or went for so many milliseconds, while no request was under way, is closed; -1 for never.");

    static final Setting<Integer> CONNECTIONS = Setting.integer(
            "max.connections",
            Integer.MAX_VALUE,
            1,
            Integer.MAX_VALUE,
            "How many connections may be open; further ones have to wait until one is closed.");

    static final Setting<Integer> SEND_BUFFER_BYTES = Setting.integer(
            "socket.send.buffer.bytes",
            100 * 1024,
            -1,
            Integer.MAX_VALUE,
            "The send buffer of the sockets in bytes. A small one costs the least, since what is sent is still in the processor's caches; where"
                    + " clients are far away, -1 leaves it to the operating system, which knows the network.");

    static final Setting<Integer> RECEIVE_BUFFER_BYTES = Setting.integer(
            "socket.receive.buffer.bytes",
            -1,
            -1,
            Integer.MAX_VALUE,
            "The receive buffer of the sockets in bytes; -1 leaves it to the operating system, which knows the network.");

    static final Setting<Integer> BACKLOG = Setting.integer(
            "socket.listen.backlog.size",
            1024,
            1,
            65_535,
            "How many connections may wait to be accepted; the operating system has a limit of its own too.");

    private TransportSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                LISTENERS,
                ADVERTISED_LISTENERS,
                SECURITY_PROTOCOLS,
                NETWORK_THREADS,
                LARGEST_REQUEST_BYTES,
                REQUEST_MEMORY_BYTES,
                CONNECTION_REQUESTS,
                CONNECTION_REQUEST_BYTES,
                IDLE_MILLIS,
                CONNECTIONS,
                SEND_BUFFER_BYTES,
                RECEIVE_BUFFER_BYTES,
                BACKLOG);
    }
}
