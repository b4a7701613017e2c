package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that has come and gone leaves nothing behind. */
class PluginLeakIT {

    private static final int ROUNDS = 100;
    private static final int ROUNDS_BEFORE = 10;

    /** What a plugin that is well written does: it times work, has a gauge, a counter, a thread which it ends, a resource, a hook around the requests of all clients, and an ear for events. */
    private static final TestPlugin PLUGIN = new TestPlugin("hot", "1.0.0")
            .members(
                    """
                    private Thread thread;
                    private final java.util.concurrent.CountDownLatch end = new java.util.concurrent.CountDownLatch(1);
                    public void close() {
                        end.countDown();
                        try { thread.join(); } catch (InterruptedException e) { throw new IllegalStateException(e); }
                    }
                    """)
            .create(
                    """
                    thread = new Thread(() -> {
                        try { end.await(); } catch (InterruptedException e) { throw new IllegalStateException(e); }
                    });
                    thread.start();
                    broker.scheduler().repeat(java.time.Duration.ofMillis(10), () -> new Object());
                    broker.scheduler().schedule(java.time.Duration.ofHours(1), () -> thread.interrupt());
                    broker.scheduler().blocking().execute(() -> new Object());
                    broker.scheduler().repeat(java.time.Duration.ofMillis(10), () ->
                            broker.events().raise("hot.here", "hot", java.util.Map.of()));
                    broker.metrics().gauge("hot_level", "Up.", java.util.Map.of(), () -> end.getCount());
                    broker.metrics().counter("hot_total", "On.", java.util.Map.of()).add(1);
                    try (java.io.InputStream here = getClass().getResourceAsStream("/META-INF/MANIFEST.MF");
                            java.io.InputStream there = getClass().getClassLoader().getResourceAsStream("hot/Factory.class")) {
                        if (here == null || there == null) throw new IllegalStateException("no resource");
                        here.readAllBytes();
                    } catch (java.io.IOException e) { throw new java.io.UncheckedIOException(e); }
                    """)
            .hook("return next.proceed(request).thenApply(response -> response);");

    @TempDir
    private Path folder;

    @Test
    @Timeout(900)
    void aHundredRoundsUnderLoadLeaveNothingBehind() throws Exception {
        Path plugins = TestPlugin.copyShipped(folder.resolve("plugins"));
        List<Path> jars = List.of(
                PLUGIN.modular().writeTo(folder.resolve("modular.jar")),
                PLUGIN.plain().writeTo(folder.resolve("plain.jar")));
        try (BrokkrProcess broker = BrokkrProcess.start(folder.resolve("data"), "plugin.folders=" + plugins)
                        .awaitReady();
                WireClient client = broker.connect();
                BusyClients clients = new BusyClients(broker.bootstrapServers()).awaitBusy()) {
            Path place = plugins.resolve("hot.jar");
            for (int round = 0; round < ROUNDS_BEFORE; round++) {
                comeAndGo(broker, client, jars.get(round % 2), place, round);
            }
            Holdings before = Holdings.of(broker.pid());
            for (int round = ROUNDS_BEFORE; round < ROUNDS_BEFORE + ROUNDS; round++) {
                comeAndGo(broker, client, jars.get(round % 2), place, round);
            }
            Holdings after = Holdings.of(broker.pid());
            System.out.println("before: " + before + "\nafter:  " + after);
            long records = clients.stopAndCheck();
            System.out.println("records meanwhile: " + records);

            assertThat(after.pluginLoaders()).isEqualTo(before.pluginLoaders());
            // Their threads start and end as there is work.
            after.threads().removeAll(Set.of("brokkr-blocking-N", "brokkr-log-sync-N", "Attach Listener"));
            assertThat(after.threads()).isSubsetOf(before.threads());
            assertThat(after.files()).noneMatch(file -> file.contains("/hot.jar"));
            assertThat(after.files()).hasSizeLessThanOrEqualTo(before.files().size() + 4);
            // A hundred plugins that stayed would take some 4 MB; what the JVM learns about the load meanwhile is below
            // 1 MB.
            assertThat(after.metaspaceKilobytes()).isLessThan(before.metaspaceKilobytes() + 1_500);
        }
    }

    private static void comeAndGo(BrokkrProcess broker, WireClient client, Path jar, Path place, int round)
            throws IOException {
        TestPlugin.drop(jar, place);
        broker.awaitLines(round + 1, "plugin hot 1.0.0 has come");
        assertThat(TestPlugin.whoServes(client)).isEqualTo("hot 1.0.0");
        Files.delete(place);
        broker.awaitLines(round + 1, "plugins that go: hot 1.0.0");
    }
}
