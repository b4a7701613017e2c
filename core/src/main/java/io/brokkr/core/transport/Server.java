package io.brokkr.core.transport;

import io.brokkr.core.dispatch.Dispatcher;
import io.brokkr.security.Security;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens, and serves the connections with {@code num.network.threads} event loops, which accept them as well. Thread-safe.
 */
public final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** A client that lets more than this pile up is not read until less than the other is left. */
    private static final WriteBufferWaterMark UNSENT_BYTES = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

    private static final Duration LONGEST_IDLE_CHECK_PERIOD = Duration.ofSeconds(10);

    private static final AtomicBoolean PREPARED = new AtomicBoolean();

    private final Sockets sockets;
    private final Endpoints endpoints;
    private final Transport transport;
    private final MultiThreadIoEventLoopGroup loops;
    private final PooledByteBufAllocator allocator;
    private final List<Channel> acceptors = new ArrayList<>();
    private final List<Listener> bound = new ArrayList<>();

    private Server(
            Sockets sockets,
            Configuration configuration,
            Dispatcher dispatcher,
            Security security,
            Metrics metrics,
            Clock clock,
            Scheduler scheduler) {
        this.sockets = sockets;
        this.endpoints = Endpoints.of(configuration, security.mechanisms());
        this.transport = new Transport(configuration, dispatcher, security, metrics, clock, scheduler);
        int wished = configuration.get(TransportSettings.NETWORK_THREADS);
        int threads = wished > 0 ? wished : Math.min(8, Runtime.getRuntime().availableProcessors());
        this.loops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("brokkr-network", true), sockets.handlers());
        this.allocator = allocator(threads);
        metrics.gauge(
                "brokkr_network_pool_bytes",
                "What the pool of network buffers has from the operating system",
                Map.of(),
                this::pooledBytes);
    }

    /**
     * Opens all listeners of the configuration. Requests arrive before this returns.
     *
     * @throws io.brokkr.core.configuration.InvalidConfigurationException if the listeners make no sense
     * @throws CannotListenException if one cannot be opened; none is open then
     */
    public static Server start(
            Configuration configuration,
            Dispatcher dispatcher,
            Security security,
            Metrics metrics,
            Clock clock,
            Scheduler scheduler) {
        return start(Sockets.best(), configuration, dispatcher, security, metrics, clock, scheduler);
    }

    /**
     * Loads classes and native code that {@link #start} needs, for a thread beside the one that starts the broker. Only the first call in a process does
     * anything.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the end of loops that have nothing to do.
    public static void prepare() {
        if (PREPARED.compareAndSet(false, true)) {
            Sockets sockets = Sockets.best();
            MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, sockets.handlers());
            sockets.acceptors().newChannel().unsafe().closeForcibly();
            allocator(1).directBuffer(1).release();
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    static Server start(
            Sockets sockets,
            Configuration configuration,
            Dispatcher dispatcher,
            Security security,
            Metrics metrics,
            Clock clock,
            Scheduler scheduler) {
        Server server = new Server(sockets, configuration, dispatcher, security, metrics, clock, scheduler);
        try {
            server.listen(configuration);
        } catch (RuntimeException failure) {
            server.close(Duration.ZERO);
            throw failure;
        }
        server.checkForIdle(configuration.get(TransportSettings.IDLE_MILLIS));
        return server;
    }

    /** One arena a loop, and no cache for the threads of others, which only give back: memory follows use. */
    private static PooledByteBufAllocator allocator(int threads) {
        return new PooledByteBufAllocator(true, 0, threads, 8192, 9, 64, 32, false);
    }

    private void listen(Configuration configuration) {
        for (Listener listener : endpoints.listeners()) {
            ChannelFuture opened = bootstrap(listener, configuration)
                    .bind(listener.toAddress())
                    .awaitUninterruptibly();
            if (!opened.isSuccess()) {
                throw new CannotListenException(listener, opened.cause());
            }
            Channel acceptor = opened.channel();
            acceptors.add(acceptor);
            transport.onListening(acceptor);
            bound.add(listener.withPort(((InetSocketAddress) acceptor.localAddress()).getPort()));
        }
    }

    private ServerBootstrap bootstrap(Listener listener, Configuration configuration) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channelFactory(sockets.acceptors())
                .option(ChannelOption.SO_BACKLOG, configuration.get(TransportSettings.BACKLOG))
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT_BYTES)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        transport.onAccepted(listener.name(), endpoints.authenticates(listener), channel);
                    }
                });
        int sendBytes = configuration.get(TransportSettings.SEND_BUFFER_BYTES);
        if (sendBytes > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, sendBytes);
        }
        int receiveBytes = configuration.get(TransportSettings.RECEIVE_BUFFER_BYTES);
        if (receiveBytes > 0) {
            // On the listening socket, from which the others inherit it: it must be known before the first packet.
            bootstrap.option(ChannelOption.SO_RCVBUF, receiveBytes);
        }
        return bootstrap;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Goes on until the loops end.
    private void checkForIdle(long limitMillis) {
        if (limitMillis < 0) {
            return;
        }
        Duration limit = Duration.ofMillis(limitMillis);
        Duration period = limit.compareTo(LONGEST_IDLE_CHECK_PERIOD) < 0 ? limit : LONGEST_IDLE_CHECK_PERIOD;
        long nanos = Math.max(period.toNanos(), TimeUnit.MILLISECONDS.toNanos(1));
        loops.next().scheduleWithFixedDelay(() -> transport.closeIdle(limit), nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** The listeners with the ports that they have. */
    public List<Listener> listeners() {
        return List.copyOf(bound);
    }

    /** Under which addresses clients reach the listeners. */
    public List<Listener> advertisedListeners() {
        return endpoints.advertised(bound);
    }

    /** What the pool has from the operating system, whether it is in use or not. */
    long pooledBytes() {
        return allocator.metric().usedDirectMemory();
    }

    /** The connections that are open. */
    Transport transport() {
        return transport;
    }

    /**
     * Accepts and reads no more, sends the answers of the requests under way, and closes everything when that is done or the time is
     * over. Blocks until then; must not be called on an event loop. A second call does nothing.
     */
    public void close(Duration grace) {
        acceptors.forEach(acceptor -> acceptor.close().awaitUninterruptibly());
        transport.stopAll();
        if (!transport.awaitClosed(grace)) {
            LOG.warn(
                    "Closing {} connections whose requests were not done within {}",
                    transport.openConnections(),
                    grace);
        }
        transport.closeAll();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
