package io.brokkr.testkit;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.security.ClientQuota;
import io.brokkr.spi.security.ClientQuotaFactory;
import io.brokkr.spi.security.QuotaType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A quota that keeps what clients are charged, and has them pause for the same time each time. At work if the setting {@code client.quota} is {@link #NAME}. Thread-safe. */
public final class TestQuota implements ClientQuotaFactory {

    /** What the setting {@code client.quota} has to say. */
    public static final String NAME = "test";

    private final Queue<Charge> charges = new ConcurrentLinkedQueue<>();
    private final Duration pause;

    /** What one request was charged. */
    public record Charge(QuotaType type, long amount) {}

    /** Nobody has been charged yet. */
    public TestQuota(Duration pause) {
        this.pause = pause;
    }

    /** The charges since the last call, the oldest first. */
    public List<Charge> takeCharges() {
        List<Charge> taken = new ArrayList<>();
        for (Charge charge = charges.poll(); charge != null; charge = charges.poll()) {
            taken.add(charge);
        }
        return taken;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ClientQuota create(BrokerServices broker) {
        return (request, type, amount) -> {
            charges.add(new Charge(type, amount));
            return pause;
        };
    }
}
