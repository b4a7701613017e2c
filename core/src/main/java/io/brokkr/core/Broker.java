package io.brokkr.core;

import io.brokkr.core.transport.Listener;
import io.brokkr.pluginhost.StopSteps;
import io.brokkr.spi.BrokerServices;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running broker. Thread-safe. */
public final class Broker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    private final @Nullable BrokerServices services;
    private final List<Listener> listeners;
    private final StopSteps stopSteps;
    private final Duration stopLimit;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    Broker(@Nullable BrokerServices services, List<Listener> listeners, StopSteps stopSteps, Duration stopLimit) {
        this.services = services;
        this.listeners = List.copyOf(listeners);
        this.stopSteps = stopSteps;
        this.stopLimit = stopLimit;
    }

    /** The version of this build. */
    public static String version() {
        Module module = Broker.class.getModule();
        if (module.isNamed()) {
            return module.getDescriptor().rawVersion().orElse("unknown");
        }
        String fromManifest = Broker.class.getPackage().getImplementationVersion();
        return fromManifest == null ? "unknown" : fromManifest;
    }

    /**
     * The port that a listener is bound to.
     *
     * @param listener its name, for example {@code PLAINTEXT}
     * @throws IllegalArgumentException if there is no such listener
     */
    public int port(String listener) {
        return listeners.stream()
                .filter(candidate -> candidate.name().equals(listener))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no listener " + listener))
                .port();
    }

    /**
     * What plugins get from this broker, for who embeds it.
     *
     * @throws IllegalStateException if it has no plugins
     */
    public BrokerServices services() {
        if (services == null) {
            throw new IllegalStateException("a broker without plugins has no services");
        }
        return services;
    }

    /** Waits until somebody has closed the broker. */
    public void awaitEnd() throws InterruptedException {
        stopped.await();
    }

    /**
     * Ends the broker: takes no more requests, answers those that are under way, makes everything durable, and gives back ports and folders. Takes
     * not much longer than {@code shutdown.timeout.ms}. A second call waits for the first.
     */
    @Override
    public void close() {
        if (stopping.compareAndSet(false, true)) {
            long start = System.nanoTime();
            LOG.info("stopping");
            stopSteps.run(stopLimit);
            LOG.info("stopped after {} ms", (System.nanoTime() - start) / 1_000_000);
            stopped.countDown();
            return;
        }
        StopSteps.await(stopped, Duration.ofNanos(Long.MAX_VALUE));
    }
}
