package io.brokkr.core.transport;

import io.brokkr.core.configuration.GivenSetting;
import io.brokkr.core.configuration.KnownSettings;
import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.core.dispatch.ApiRegistry;
import io.brokkr.core.dispatch.Dispatcher;
import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.pluginhost.CallWatch;
import io.brokkr.security.Security;
import io.brokkr.spi.ApiHandler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A server on a free port of the loopback interface, with the handlers of a test. */
final class TestServer implements AutoCloseable {

    final TurnableClock clock = new TurnableClock();
    final ApiRegistry apis = new ApiRegistry();
    final MetricsRegistry metrics = new MetricsRegistry();
    final Server server;

    private TestServer(Sockets sockets, Map<String, String> settings) {
        CallWatch watch = new CallWatch(Duration.ZERO, (line, stack) -> {});
        Dispatcher dispatcher = new Dispatcher(apis, metrics, clock, watch);
        server = Server.start(
                sockets, configuration(settings), dispatcher, Security.none(clock, metrics), metrics, clock);
    }

    static TestServer start(Sockets sockets, Map<String, String> settings, ApiHandler<?>... handlers) {
        TestServer started = new TestServer(sockets, settings);
        started.apis.serve(Map.of("the test", List.of(handlers)));
        return started;
    }

    static TestServer start(Map<String, String> settings, ApiHandler<?>... handlers) {
        return start(Sockets.best(), settings, handlers);
    }

    static LoadedConfiguration configuration(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("listeners", "PLAINTEXT://127.0.0.1:0");
        all.putIfAbsent("num.network.threads", "2");
        return LoadedConfiguration.load(
                new KnownSettings().add("the transport", TransportSettings.all()), GivenSetting.all(all, "the test"));
    }

    TestClient connect() {
        return new TestClient(server.listeners().get(0).port());
    }

    Transport transport() {
        return server.transport();
    }

    @Override
    public void close() {
        server.close(Duration.ZERO);
    }
}
