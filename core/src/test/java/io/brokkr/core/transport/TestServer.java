package io.brokkr.core.transport;

import io.brokkr.core.configuration.GivenSetting;
import io.brokkr.core.configuration.KnownSettings;
import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.core.dispatch.ApiRegistry;
import io.brokkr.core.dispatch.Dispatcher;
import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.pluginhost.CallWatch;
import io.brokkr.pluginhost.PluginHost;
import io.brokkr.pluginhost.PluginSettings;
import io.brokkr.pluginhost.StopSteps;
import io.brokkr.security.Security;
import io.brokkr.security.SecurityPlugins;
import io.brokkr.security.SecuritySettings;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.security.ClientQuotaFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A server on a free port of the loopback interface, with the handlers of a test. */
final class TestServer implements AutoCloseable {

    /** The name of the quota that clients are charged by, if there is one. */
    static final String QUOTA = "test-quota";

    final TurnableClock clock = new TurnableClock();
    final TurnableTimers timers = new TurnableTimers(clock);
    final ApiRegistry apis = new ApiRegistry();
    final MetricsRegistry metrics = new MetricsRegistry();
    final Server server;

    private TestServer(Sockets sockets, Map<String, String> settings, Object... extensions) {
        CallWatch watch = new CallWatch(Duration.ZERO, (line, stack) -> {});
        Dispatcher dispatcher = new Dispatcher(apis, metrics, clock, watch);
        server = Server.start(
                sockets, configuration(settings), dispatcher, security(extensions), metrics, clock, timers);
    }

    private Security security(Object... extensions) {
        KnownSettings known =
                new KnownSettings().add("the test", PluginSettings.all()).add("the test", SecuritySettings.all());
        List<GivenSetting> given =
                GivenSetting.all(extensions.length == 0 ? Map.of() : Map.of("client.quota", QUOTA), "the test");
        LoadedConfiguration configuration = LoadedConfiguration.load(known, given);
        PluginHost host = new PluginHost(configuration, List.of(extensions));
        return new SecurityPlugins(host, configuration, plugin -> null, new StopSteps()).open(clock, metrics);
    }

    /** One whose clients pause as a quota with the name {@link #QUOTA} says. */
    static TestServer withQuota(Sockets sockets, ClientQuotaFactory quota, ApiHandler<?>... handlers) {
        TestServer started = new TestServer(sockets, Map.of(), quota);
        started.apis.serve(Map.of("the test", List.of(handlers)));
        return started;
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
