package io.brokkr.example.byterates;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Setting;
import io.brokkr.spi.security.ClientQuota;
import io.brokkr.spi.security.ClientQuotaFactory;
import io.brokkr.spi.security.QuotaType;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The entry of the plugin. */
public final class ByteRates implements ClientQuotaFactory {

    private static final Setting<Long> PRODUCE = rate("byte.rates.produce", "produce");
    private static final Setting<Long> FETCH = rate("byte.rates.fetch", "fetch");

    private static final Duration FORGETTING = Duration.ofSeconds(10);

    /** For {@link java.util.ServiceLoader}. */
    public ByteRates() {}

    private static Setting<Long> rate(String name, String what) {
        return Setting.number(
                name,
                0,
                0,
                Bucket.HIGHEST_RATE,
                "How many bytes of records a client may " + what
                        + " in a second: all connections of one principal with one client"
                        + " id together; 0 for no bound.");
    }

    @Override
    public String name() {
        return "byte-rates";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(PRODUCE, FETCH);
    }

    @Override
    public ClientQuota create(BrokerServices broker) {
        BucketQuota quota = new BucketQuota(
                broker.clock(),
                Map.of(
                        QuotaType.PRODUCE, broker.configuration().get(PRODUCE),
                        QuotaType.FETCH, broker.configuration().get(FETCH)));
        broker.scheduler().repeat(FORGETTING, quota::forgetFull);
        return quota;
    }
}
