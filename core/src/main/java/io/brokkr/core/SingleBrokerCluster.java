package io.brokkr.core;

import io.brokkr.core.transport.Listener;
import io.brokkr.spi.Cluster;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A cluster of this broker alone. Thread-safe. */
final class SingleBrokerCluster implements Cluster {

    private final String id;
    private final int brokerId;
    private final @Nullable String rack;
    private final CompletableFuture<List<Listener>> advertised = new CompletableFuture<>();

    SingleBrokerCluster(String id, int brokerId, @Nullable String rack) {
        this.id = id;
        this.brokerId = brokerId;
        this.rack = rack;
    }

    /** Says what clients are told, when the ports are bound; only the first call counts. */
    void advertise(List<Listener> listeners) {
        advertised.complete(List.copyOf(listeners));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int brokerId() {
        return brokerId;
    }

    @Override
    public int controllerId() {
        return brokerId;
    }

    /**
     * Empty for a listener that this broker does not have. The first requests may come in the moment between the opening of the listeners and {@link
     * #advertise}, and wait for it.
     */
    @Override
    public List<Broker> brokers(String listener) {
        return advertised.join().stream()
                .filter(candidate -> candidate.name().equals(listener))
                .map(candidate -> new Broker(brokerId, candidate.host(), candidate.port(), rack))
                .toList();
    }
}
