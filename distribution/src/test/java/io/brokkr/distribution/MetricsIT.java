package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads of a broker in a process of its own, on the module path, and what becomes of the page when its plugin comes and goes. */
@Timeout(240)
class MetricsIT {

    private static final String COME = "plugin prometheus 0.1.0-SNAPSHOT has come: metrics reporter";
    private static final String REPLACED = "plugin prometheus 0.1.0-SNAPSHOT has come in the place of";
    private static final String GONE = "plugins that go: prometheus 0.1.0-SNAPSHOT";

    @TempDir
    private Path folder;

    private Path place;
    private Path configuration;

    @BeforeEach
    void install() throws IOException {
        Path plugins = TestPlugin.copyShipped(folder.resolve("plugins"));
        place = plugins.resolve("prometheus");
        configuration = Files.writeString(
                folder.resolve("my.properties"),
                "listeners=PLAINTEXT://localhost:0\nlog.dirs=" + folder.resolve("data") + "\nplugin.folders=" + plugins
                        + "\nmetrics.host=localhost\n");
    }

    private BrokkrProcess start(int port) throws IOException {
        Files.writeString(configuration, "metrics.port=" + port + "\n", StandardOpenOption.APPEND);
        return start();
    }

    private BrokkrProcess start() {
        return BrokkrProcess.run("start", "--config", configuration.toString());
    }

    private void takeAway() throws IOException {
        Files.move(place, folder.resolve("away"));
    }

    private void putBack() throws IOException {
        Files.move(folder.resolve("away"), place);
    }

    /** As if another file had come under its name. */
    private void touch() throws IOException {
        try (Stream<Path> jars = Files.list(place.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                FileTime time = Files.getLastModifiedTime(jar);
                Files.setLastModifiedTime(jar, FileTime.fromMillis(time.toMillis() + 60_000));
            }
        }
    }

    /** A port that nobody listened on a moment ago. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = hold(0)) {
            return socket.getLocalPort();
        }
    }

    private static ServerSocket hold(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress("localhost", port));
        return socket;
    }

    private static List<String> page(int port) throws IOException {
        HttpURLConnection get = (HttpURLConnection)
                URI.create("http://localhost:" + port + "/metrics").toURL().openConnection();
        get.setConnectTimeout(10_000);
        get.setReadTimeout(10_000);
        get.setRequestProperty("Connection", "close");
        assertThat(get.getResponseCode()).isEqualTo(200);
        assertThat(get.getContentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        try (InputStream body = get.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static List<String> pageOfVersionsBefore() throws IOException {
        try (InputStream page = MetricsIT.class.getResourceAsStream("metrics-page.txt")) {
            return new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    /** Names, kinds and explanations are those of the page of before it was a plugin's: nobody's dashboard changes. */
    @Test
    void thePageOfWhatShipsIsWhatItAlwaysWas() throws IOException {
        try (BrokkrProcess broker = start(0).awaitReady();
                WireClient client = broker.connect()) {
            TestPlugin.advertised(client);
            String line = broker.awaitLine("metrics on port ");
            List<String> page = page(Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)));
            assertThat(page.stream().filter(text -> text.startsWith("#")))
                    .containsExactlyElementsOf(pageOfVersionsBefore());
            assertThat(page)
                    .contains(
                            "brokkr_connections 1.0",
                            "brokkr_connections_total 1.0",
                            "brokkr_request_seconds_count{api=\"ApiVersions\"} 1",
                            "brokkr_request_seconds_bucket{api=\"ApiVersions\",le=\"+Inf\"} 1")
                    .anyMatch(text ->
                            text.startsWith("brokkr_request_seconds_bucket{api=\"ApiVersions\",le=\"5.0E-5\"} "))
                    .noneMatch(String::isBlank);
        }
    }

    @Test
    void thePageGoesAndComesWithItsPluginAndThePortPassesOn() throws IOException {
        int port = freePort();
        try (BrokkrProcess broker = start(port).awaitReady();
                WireClient client = broker.connect()) {
            assertThat(page(port)).isNotEmpty();

            takeAway();
            broker.awaitLines(1, GONE);
            hold(port).close();

            putBack();
            broker.awaitLines(1, COME);
            assertThat(page(port)).isNotEmpty();

            touch();
            broker.awaitLines(1, REPLACED);
            assertThat(page(port)).isNotEmpty();
            assertThat(TestPlugin.advertised(client)).isNotEmpty();
        }
    }

    @Test
    void aBrokerThatRunsLearnsToReport() throws IOException {
        takeAway();
        try (BrokkrProcess broker = startWithoutPlugin()) {
            int port = freePort();
            Files.writeString(
                    configuration, "metrics.host=localhost\nmetrics.port=" + port + "\n", StandardOpenOption.APPEND);
            putBack();
            broker.awaitLines(1, COME);
            assertThat(page(port)).isNotEmpty();
        }
    }

    private BrokkrProcess startWithoutPlugin() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(configuration));
        lines.removeIf(line -> line.startsWith("metrics."));
        Files.write(configuration, lines);
        return start().awaitReady();
    }

    @Test
    void aPortThatIsTakenIsToldInOneLineAndTheBrokerThatRunsGoesOn() throws IOException {
        int port = freePort();
        String taken = "the metrics cannot be served on localhost:" + port
                + ": Address already in use; give another metrics.port or metrics.host";
        try (BrokkrProcess broker = start(port).awaitReady();
                WireClient client = broker.connect()) {
            takeAway();
            broker.awaitLines(1, GONE);
            try (ServerSocket other = hold(port)) {
                assertThat(other.getLocalPort()).isEqualTo(port);
                putBack();
                broker.awaitLines(1, COME);
                broker.awaitLine(
                        "the plugin prometheus 0.1.0-SNAPSHOT reports no metrics until it comes anew: " + taken);
                assertThat(TestPlugin.advertised(client)).isNotEmpty();
                assertThat(broker.lines()).noneMatch(line -> line.startsWith("\tat "));
            }
            touch();
            broker.awaitLines(1, REPLACED);
            assertThat(page(port)).isNotEmpty();
        }
        try (ServerSocket other = hold(port);
                BrokkrProcess broker = start()) {
            assertThat(other.getLocalPort()).isEqualTo(port);
            assertThat(broker.awaitExit()).isEqualTo(1);
            assertThat(broker.lines()).last().isEqualTo("brokkr: " + taken);
        }
    }

    @Test
    void withoutThePluginItsSettingsSayWhoseTheyAre() throws IOException {
        takeAway();
        try (BrokkrProcess broker = start(0)) {
            assertThat(broker.awaitExit()).isEqualTo(1);
            String advice =
                    ": the plugin prometheus reads this setting, and it is not loaded; put it into a plugin folder, or remove the line";
            assertThat(broker.lines().stream().filter(line -> line.startsWith("brokkr: ")))
                    .containsExactly(
                            "brokkr: " + configuration + ", line 4: metrics.host" + advice,
                            "brokkr: " + configuration + ", line 5: metrics.port" + advice);
        }
    }

    @Test
    void comingAndGoingLeavesNothingBehind() throws Exception {
        int port = freePort();
        try (BrokkrProcess broker = start(port).awaitReady()) {
            for (int round = 1; round <= 2; round++) {
                goAndCome(broker, port, round);
            }
            takeAway();
            broker.awaitLines(3, GONE);
            Holdings before = Holdings.of(broker.pid());
            putBack();
            broker.awaitLines(3, COME);
            for (int round = 4; round <= 8; round++) {
                goAndCome(broker, port, round);
            }
            takeAway();
            broker.awaitLines(9, GONE);
            Holdings after = Holdings.of(broker.pid());
            assertThat(after.pluginLoaders()).isEqualTo(before.pluginLoaders());
            // Their threads start and end as there is work.
            after.threads().removeAll(Set.of("brokkr-blocking-N", "brokkr-log-sync-N", "Attach Listener"));
            assertThat(after.threads()).isSubsetOf(before.threads());
            assertThat(after.files()).noneMatch(file -> file.contains("prometheus"));
        }
    }

    private void goAndCome(BrokkrProcess broker, int port, int round) throws IOException {
        takeAway();
        broker.awaitLines(round, GONE);
        putBack();
        broker.awaitLines(round, COME);
        assertThat(page(port)).isNotEmpty();
    }
}
