package io.brokkr.example.byterates;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.spi.Clock;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.security.ClientSession;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.QuotaType;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose bytes are counted together, and what is remembered of whom. */
class BucketQuotaTest {

    private static final long RATE = 1_000;

    private final AtomicLong nanos = new AtomicLong(-5);
    private final Clock clock = new Clock() {
        @Override
        public long millis() {
            return nanos.get() / 1_000_000;
        }

        @Override
        public long nanos() {
            return nanos.get();
        }
    };
    private final BucketQuota quota = quota(RATE, RATE);

    private BucketQuota quota(long produce, long fetch) {
        return new BucketQuota(clock, Map.of(QuotaType.PRODUCE, produce, QuotaType.FETCH, fetch));
    }

    /** A request of somebody. */
    private record Request(Principal principal, @Nullable String clientId) implements RequestContext {

        @Override
        public Api<?> api() {
            return FetchRequest.API;
        }

        @Override
        public int apiVersion() {
            return 12;
        }

        @Override
        public int correlationId() {
            return 1;
        }

        @Override
        public String listener() {
            return "PLAINTEXT";
        }

        @Override
        public InetSocketAddress clientAddress() {
            return InetSocketAddress.createUnresolved("localhost", 1);
        }

        @Override
        public String connectionId() {
            return "test";
        }

        @Override
        public Executor executor() {
            return Runnable::run;
        }

        @Override
        public ClientSession session() {
            throw new UnsupportedOperationException("nobody asks for the session");
        }
    }

    private static Request of(String user, @Nullable String clientId) {
        return new Request(Principal.user(user), clientId);
    }

    private Duration fetch(Request request, long bytes) {
        return quota.charge(request, QuotaType.FETCH, bytes);
    }

    @Test
    void eachPrincipalAndEachClientIdHasItsOwn() {
        assertThat(fetch(of("alice", "one"), 3_000)).isEqualTo(Duration.ofSeconds(2));
        assertThat(fetch(of("alice", "two"), 2_000)).isEqualTo(Duration.ofSeconds(1));
        assertThat(fetch(of("bob", "one"), 2_000)).isEqualTo(Duration.ofSeconds(1));
        assertThat(fetch(of("bob", null), 2_000)).isEqualTo(Duration.ofSeconds(1));
        assertThat(quota.charge(of("alice", "one"), QuotaType.PRODUCE, 2_000)).isEqualTo(Duration.ofSeconds(1));
        assertThat(fetch(of("alice", "one"), 1_000)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aRateOfZeroIsNoBound() {
        BucketQuota half = quota(RATE, 0);
        assertThat(half.charge(of("alice", "one"), QuotaType.FETCH, Long.MAX_VALUE))
                .isZero();
        assertThat(half.charge(of("alice", "one"), QuotaType.PRODUCE, 3_000)).isEqualTo(Duration.ofSeconds(2));
        assertThat(half.size()).isEqualTo(1);
    }

    @Test
    void whoHasNothingToPauseForIsForgotten() {
        fetch(of("alice", "one"), 3_000);
        fetch(of("alice", "two"), 500);
        quota.forgetFull();
        assertThat(quota.size()).isEqualTo(2);
        nanos.addAndGet(Duration.ofMillis(500).toNanos());
        quota.forgetFull();
        assertThat(quota.size()).isEqualTo(1);
        assertThat(fetch(of("alice", "one"), 0)).isEqualTo(Duration.ofMillis(1_500));
        nanos.addAndGet(Duration.ofMillis(2_500).toNanos());
        quota.forgetFull();
        assertThat(quota.size()).isZero();
    }

    @Test
    void whoChangesItsClientIdAgainAndAgainIsBoundAllTheSame() {
        for (int i = 0; i < BucketQuota.MOST_BUCKETS; i++) {
            assertThat(fetch(of("mallory", "id-" + i), 1)).isZero();
        }
        assertThat(fetch(of("mallory", "new"), 2_000)).isEqualTo(Duration.ofSeconds(1));
        assertThat(fetch(of("mallory", "newer"), 2_000)).isEqualTo(Duration.ofSeconds(3));
        assertThat(fetch(of("alice", "one"), 1_000)).isZero();
        assertThat(fetch(of("mallory", "id-7"), 999)).isZero();
        assertThat(quota.size()).isLessThanOrEqualTo(BucketQuota.MOST_BUCKETS + 2);
    }
}
