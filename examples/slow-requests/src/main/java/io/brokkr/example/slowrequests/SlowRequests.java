package io.brokkr.example.slowrequests;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.RequestHook;
import io.brokkr.spi.RequestHookFactory;
import io.brokkr.spi.Setting;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/** The entry of the plugin. */
public final class SlowRequests implements RequestHookFactory {

    private static final Logger LOG = System.getLogger(SlowRequests.class.getName());

    private static final Setting<Duration> LIMIT = Setting.millis(
            "slow.requests.ms",
            Duration.ofSeconds(1),
            "From how many milliseconds on a request is told as a slow one.");

    /** For {@link java.util.ServiceLoader}. */
    public SlowRequests() {}

    @Override
    public List<Setting<?>> settings() {
        return List.of(LIMIT);
    }

    @Override
    public RequestHook create(BrokerServices broker) {
        Duration limit = broker.configuration().get(LIMIT);
        return new SlowRequestsHook(broker.clock(), limit, line -> LOG.log(Level.WARNING, line));
    }
}
