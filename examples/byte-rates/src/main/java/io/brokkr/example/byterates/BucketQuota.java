package io.brokkr.example.byterates;

import io.brokkr.spi.Clock;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.security.ClientQuota;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.QuotaType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Has a bucket for each client that has done something of late. Thread-safe. */
final class BucketQuota implements ClientQuota {

    /** Clients choose their ids, so that there may be any number of them; those that come above this share one bucket for each principal. */
    static final int MOST_BUCKETS = 10_000;

    private static final String OTHERS = "";

    private record Client(QuotaType type, Principal principal, String clientId) {}

    private final Clock clock;
    private final Map<QuotaType, Long> rates;
    private final ConcurrentHashMap<Client, Bucket> buckets = new ConcurrentHashMap<>();

    /**
     * Nobody has done anything yet.
     *
     * @param rates in bytes per second, 0 for no bound
     */
    BucketQuota(Clock clock, Map<QuotaType, Long> rates) {
        this.clock = clock;
        this.rates = rates;
    }

    @Override
    public Duration charge(RequestContext request, QuotaType type, long amount) {
        long rate = rates.get(type);
        if (rate == 0) {
            return Duration.ZERO;
        }
        long now = clock.nanos();
        return buckets.compute(client(request, type), (client, before) -> {
                    Bucket bucket = before == null ? Bucket.full(now) : before;
                    return bucket.take(amount, rate, now);
                })
                .pause();
    }

    private Client client(RequestContext request, QuotaType type) {
        String id = request.clientId();
        Client own = new Client(type, request.principal(), id == null ? OTHERS : id);
        return buckets.size() < MOST_BUCKETS || buckets.containsKey(own)
                ? own
                : new Client(type, request.principal(), OTHERS);
    }

    /** Gives up full buckets: a client that comes again gets a full one, too. */
    void forgetFull() {
        long now = clock.nanos();
        for (Client client : buckets.keySet()) {
            buckets.computeIfPresent(client, (same, bucket) -> bucket.isFull(now) ? null : bucket);
        }
    }

    int size() {
        return buckets.size();
    }
}
