package io.brokkr.plugin.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.ApiException;
import io.brokkr.spi.MetricFamily;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a reader sees over HTTP, and what is left when the reporter has ended. */
@Timeout(60)
class PrometheusReporterTest {

    private static final List<MetricFamily> ONE = List.of(new MetricFamily(
            "hits_total", "Hits.", MetricFamily.Kind.COUNTER, List.of(new MetricFamily.Sample(Map.of(), 3))));

    private final PrometheusReporter reporter = new PrometheusReporter();

    @AfterEach
    void close() {
        reporter.close();
    }

    private void start(int port, Supplier<List<MetricFamily>> metrics) {
        reporter.start(
                metrics,
                new TextConfiguration(Map.of("metrics.port", Integer.toString(port), "metrics.host", "localhost")));
    }

    private InetSocketAddress address() {
        InetSocketAddress address = reporter.address();
        if (address == null) {
            throw new AssertionError("the metrics are not served");
        }
        return address;
    }

    private HttpURLConnection open(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://localhost:" + address().getPort() + path)
                        .toURL()
                        .openConnection();
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        return connection;
    }

    @Test
    void servesThePageAndNothingElse() throws IOException {
        start(0, () -> ONE);
        HttpURLConnection get = open("/metrics");
        assertThat(get.getResponseCode()).isEqualTo(200);
        assertThat(get.getContentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(new String(get.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("# HELP hits_total Hits.\n# TYPE hits_total counter\nhits_total 3.0\n");
        HttpURLConnection post = open("/metrics");
        post.setRequestMethod("POST");
        assertThat(post.getResponseCode()).isEqualTo(405);
        assertThat(open("/other").getResponseCode()).isEqualTo(404);
    }

    /** Prometheus asks for OpenMetrics first, in which the page could not be what it is. */
    @Test
    void theFormatIsTheSameWhateverIsAskedFor() throws IOException {
        start(0, () -> ONE);
        HttpURLConnection get = open("/metrics");
        get.setRequestProperty("Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");
        assertThat(get.getContentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void aFailureIsAnsweredAndTheNextReaderIsServed() throws IOException {
        AtomicBoolean fails = new AtomicBoolean(true);
        start(0, () -> {
            if (fails.getAndSet(false)) {
                throw new IllegalStateException("as the test wants it");
            }
            return ONE;
        });
        assertThat(open("/metrics").getResponseCode()).isEqualTo(500);
        assertThat(open("/metrics").getResponseCode()).isEqualTo(200);
    }

    @Test
    void servesNothingByDefault() {
        reporter.start(List::of, new TextConfiguration(Map.of()));
        assertThat(reporter.address()).isNull();
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            int port = other.getLocalPort();
            assertThatThrownBy(() -> start(port, List::of))
                    .isInstanceOf(ApiException.class)
                    .hasMessageMatching("the metrics cannot be served on localhost:" + port
                            + ": Address already in use.*; give another metrics.port or metrics.host");
        }
        assertThat(reporter.address()).isNull();
    }

    /** Also while somebody has a connection open. */
    @Test
    void atItsEndThePortIsFreeAndTheThreadsAreGone() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        AtomicBoolean closed = new AtomicBoolean();
        AtomicBoolean askedTooLate = new AtomicBoolean();
        start(0, () -> {
            askedTooLate.compareAndSet(false, closed.get());
            return ONE;
        });
        InetSocketAddress address = address();
        try (Socket reader = new Socket()) {
            reader.connect(address, 10_000);
            reader.setSoTimeout(10_000);
            reader.getOutputStream()
                    .write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(reader.getInputStream().read()).isEqualTo('H');
            Set<Thread> own = ownThreads(before);
            assertThat(own).hasSizeGreaterThanOrEqualTo(2);
            reporter.close();
            closed.set(true);
            for (Thread thread : own) {
                // It may be in its last steps; left to itself, the one that writes ends after five seconds.
                thread.join(4_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
            try (ServerSocket next = new ServerSocket()) {
                next.bind(address);
            }
        }
        assertThat(askedTooLate).isFalse();
    }

    private static Set<Thread> ownThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .filter(thread -> thread.getName().equals("brokkr-metrics")
                        || thread.getName().startsWith("HTTP-Dispatcher"))
                .collect(Collectors.toSet());
    }
}
