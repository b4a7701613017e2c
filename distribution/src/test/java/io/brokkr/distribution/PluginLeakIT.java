package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that has come and gone leaves nothing behind. */
class PluginLeakIT {

    private static final int ROUNDS = 100;
    private static final int ROUNDS_BEFORE = 10;
    private static final Pattern METASPACE = Pattern.compile("Metaspace +used ([0-9]+)K");
    private static final Pattern THREAD = Pattern.compile("^\"([^\"]+)\"");

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

    /** What a process holds, by its own account and by the operating system's. */
    private record Holdings(long pluginLoaders, Set<String> threads, long descriptors, long metaspaceKilobytes) {}

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
            Holdings before = holdings(broker.pid());
            for (int round = ROUNDS_BEFORE; round < ROUNDS_BEFORE + ROUNDS; round++) {
                comeAndGo(broker, client, jars.get(round % 2), place, round);
            }
            Holdings after = holdings(broker.pid());
            System.out.println("before: " + before + "\nafter:  " + after);
            long records = clients.stopAndCheck();
            System.out.println("records meanwhile: " + records);

            assertThat(after.pluginLoaders()).isEqualTo(before.pluginLoaders());
            // Their threads start and end as there is work.
            after.threads().removeAll(Set.of("brokkr-blocking-N", "brokkr-log-sync-N", "Attach Listener"));
            assertThat(after.threads()).isSubsetOf(before.threads());
            assertThat(openFiles(broker.pid())).noneMatch(file -> file.contains("/hot.jar"));
            assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 4);
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

    private static Holdings holdings(long pid) throws Exception {
        // What has gone last may be in its last steps: a class is unloaded by the first collection behind them.
        long loaders = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20; attempt++) {
            jcmd(pid, "GC.run");
            long now = jcmd(pid, "VM.classloaders").stream()
                    .filter(line -> line.contains("PluginClassLoader"))
                    .count();
            if (now == loaders) {
                break;
            }
            loaders = now;
        }
        Set<String> threads = new TreeSet<>();
        for (String line : jcmd(pid, "Thread.print")) {
            Matcher thread = THREAD.matcher(line);
            // As many as there is work for.
            if (thread.find() && !thread.group(1).contains("CompilerThread")) {
                threads.add(thread.group(1).replaceAll("[0-9]+", "N"));
            }
        }
        Matcher metaspace = METASPACE.matcher(String.join("\n", jcmd(pid, "GC.heap_info")));
        assertThat(metaspace.find()).isTrue();
        return new Holdings(loaders, threads, openFiles(pid).size(), Long.parseLong(metaspace.group(1)));
    }

    private static List<String> openFiles(long pid) throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    files.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException closed) {
                    // Between the one call and the other.
                }
            }
        }
        return files;
    }

    private static List<String> jcmd(long pid, String command) throws Exception {
        Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(program.toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text.lines().toList();
    }
}
