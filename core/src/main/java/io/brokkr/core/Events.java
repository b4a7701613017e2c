package io.brokkr.core;

import io.brokkr.pluginhost.BoundedLog;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.spi.BrokerEvent;
import io.brokkr.spi.BrokerEventListener;
import io.brokkr.spi.BrokerEvents;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** Hands what happens to the plugins that listen, to each on a thread of its own. Thread-safe. */
final class Events implements BrokerEvents {

    private static final int MOST_WAITING = 1_000;
    private static final int SECONDS_AT_THE_END = 5;

    private final Clock clock;
    private final Metrics metrics;
    private final BoundedLog log;
    private final List<Consumer<BrokerEvent>> listeners = new CopyOnWriteArrayList<>();

    Events(Clock clock, Metrics metrics) {
        this.clock = clock;
        this.metrics = metrics;
        this.log = new BoundedLog(LoggerFactory.getLogger(Broker.class), clock);
    }

    @Override
    public void raise(String type, String subject, Map<String, String> details) {
        if (!listeners.isEmpty()) {
            BrokerEvent event = new BrokerEvent(type, subject, details, clock.millis());
            listeners.forEach(listener -> listener.accept(event));
        }
    }

    /** Lets a plugin hear of what is raised from now on; returns what ends that. */
    Runnable listen(HostedPlugin plugin, BrokerEventListener listener) {
        ExecutorService thread = thread(plugin);
        Consumer<BrokerEvent> queue = event -> thread.execute(() -> tell(plugin, listener, event));
        listeners.add(queue);
        return () -> {
            listeners.remove(queue);
            end(thread);
        };
    }

    private ExecutorService thread(HostedPlugin plugin) {
        Metrics.Counter dropped = metrics.counter(
                "brokkr_events_dropped_total",
                "Events that a listener did not hear, since it was too slow.",
                Map.of("plugin", plugin.id()));
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                work -> {
                    Thread made = new Thread(work, "brokkr-events-" + plugin.id());
                    made.setDaemon(true);
                    return made;
                },
                (event, full) -> dropped.add(1));
        // Not by the first event: a thread holds on to the classes of whoever starts it.
        thread.prestartCoreThread();
        return thread;
    }

    private void tell(HostedPlugin plugin, BrokerEventListener listener, BrokerEvent event) {
        try {
            plugin.run(() -> listener.happened(event));
        } catch (Throwable failure) {
            // Errors too, so that it hears the next one.
            log.error("the plugin " + plugin.id() + " failed at the event " + event, failure);
        }
    }

    private static void end(ExecutorService thread) {
        thread.shutdown();
        try {
            if (thread.awaitTermination(SECONDS_AT_THE_END, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
    }
}
