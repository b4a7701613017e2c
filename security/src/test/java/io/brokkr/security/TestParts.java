package io.brokkr.security;

import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.security.Authenticator;
import io.brokkr.spi.security.Authorizer;
import io.brokkr.spi.security.ClientQuota;
import io.brokkr.spi.security.PrincipalBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the tests of this module are put together from: rules without plugins around them, a clock that stands still, and metrics to look at. For one thread. */
final class TestParts implements Clock, Metrics {

    /** The rules of these tests do not look at the request. */
    static final @Nullable RequestContext ANY_REQUEST = null;

    static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);

    private final Map<String, Long> counters = new TreeMap<>();
    private long nanos;

    private static <E> @Nullable Hosted<E> hosted(@Nullable E made) {
        return made == null
                ? null
                : new Hosted<>(
                        new HostedPlugin("rules", "1", List.of(), null, TestParts.class.getClassLoader(), List.of()),
                        made);
    }

    Security security(
            Map<String, Authenticator> authenticators,
            @Nullable PrincipalBuilder builder,
            @Nullable Authorizer authorizer,
            @Nullable ClientQuota quota) {
        return new Security(
                authenticators.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> hosted(entry.getValue()))),
                hosted(builder),
                hosted(authorizer),
                hosted(quota),
                this,
                this);
    }

    void turn(long byNanos) {
        nanos += byNanos;
    }

    long counter(String name) {
        return counters.getOrDefault(name, 0L);
    }

    @Override
    public long millis() {
        return nanos / 1_000_000;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Counter counter(String name, String help, Map<String, String> labels) {
        return amount -> counters.merge(name, amount, Long::sum);
    }

    @Override
    public void gauge(String name, String help, Map<String, String> labels, DoubleSupplier value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Timings timings(String name, String help, Map<String, String> labels) {
        throw new UnsupportedOperationException();
    }
}
