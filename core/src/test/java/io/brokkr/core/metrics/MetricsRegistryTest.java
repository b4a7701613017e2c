package io.brokkr.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.Metrics;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MetricsRegistryTest {

    private final MetricsRegistry metrics = new MetricsRegistry();

    @Test
    void writesTheTextFormat() {
        metrics.counter("requests_total", "Requests.\nAll of \\them.", Map.of("api", "Fetch", "a", "q\"\\\n"))
                .add(3);
        metrics.gauge("temperature_celsius", "How warm.", Map.of(), () -> 20.5);
        metrics.gauge("nothing", "Not a number.", Map.of(), () -> Double.NaN);

        assertThat(metrics.toText())
                .isEqualTo(
                        """
                # HELP nothing Not a number.
                # TYPE nothing gauge
                nothing NaN
                # HELP requests_total Requests.\\nAll of \\\\them.
                # TYPE requests_total counter
                requests_total{a="q\\"\\\\\\n",api="Fetch"} 3
                # HELP temperature_celsius How warm.
                # TYPE temperature_celsius gauge
                temperature_celsius 20.5
                """);
    }

    @Test
    void aGaugeIsTakenAwayUnlessAnotherHasItsPlace() {
        DoubleSupplier first = () -> 1;
        metrics.gauge("level", "How high.", Map.of("of", "a"), first);
        metrics.gauge("level", "How high.", Map.of("of", "b"), first);
        metrics.gauge("level", "How high.", Map.of("of", "b"), () -> 2);

        metrics.removeGauge("level", Map.of("of", "a"), first);
        metrics.removeGauge("level", Map.of("of", "b"), first);
        metrics.removeGauge("absent", Map.of(), first);

        assertThat(metrics.toText()).doesNotContain("of=\"a\"").contains("level{of=\"b\"} 2");
    }

    /** The invariants that Prometheus relies on: buckets never fall, the last one is the count, and a duration is in every bucket above it. */
    @Property(tries = 200)
    void bucketsHoldWhatTheyShould(
            @ForAll @Size(max = 50) List<@LongRange(min = 0, max = 20_000_000_000L) Long> durations) {
        MetricsRegistry registry = new MetricsRegistry();
        Metrics.Timings timings = registry.timings("request_seconds", "Durations.", Map.of("api", "x"));
        durations.forEach(timings::record);

        long last = 0;
        for (String line : registry.toText()
                .lines()
                .filter(line -> line.contains("_bucket"))
                .toList()) {
            String bound = line.substring(line.indexOf("le=\"") + 4, line.lastIndexOf('"'));
            double seconds = bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
            long count = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            assertThat(count)
                    .isEqualTo(durations.stream()
                            .filter(nanos -> nanos <= seconds * 1e9)
                            .count())
                    .isGreaterThanOrEqualTo(last);
            last = count;
        }
        assertThat(last).isEqualTo(durations.size());
        assertThat(registry.toText()).contains("request_seconds_count{api=\"x\"} " + durations.size() + "\n");
    }

    @Test
    void theSameNameAndLabelsAreTheSameMetric() {
        metrics.counter("hits_total", "Hits.", Map.of("a", "1", "b", "2")).add(1);
        metrics.counter("hits_total", "Hits.", Map.of("b", "2", "a", "1")).add(2);
        metrics.gauge("level", "Level.", Map.of(), () -> 1);
        metrics.gauge("level", "Level.", Map.of(), () -> 2);
        assertThat(metrics.toText()).contains("hits_total{a=\"1\",b=\"2\"} 3\n", "\nlevel 2\n");
    }

    @Test
    void refusesWhatPrometheusWouldNotRead() {
        metrics.counter("hits_total", "Hits.", Map.of());
        assertThatThrownBy(() -> metrics.gauge("hits_total", "Hits.", Map.of(), () -> 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hits_total is a counter");
        for (String name : List.of("", "9lives", "with space", "Upper", "dash-ed")) {
            assertThatThrownBy(() -> metrics.counter(name, "Bad.", Map.of()))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void servesThePageAndNothingElse() throws IOException {
        metrics.counter("hits_total", "Hits.", Map.of()).add(1);
        try (MetricsPage page = MetricsPage.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), metrics)) {
            String root = "http://localhost:" + page.address().getPort();
            HttpURLConnection get =
                    (HttpURLConnection) URI.create(root + "/metrics").toURL().openConnection();
            assertThat(get.getResponseCode()).isEqualTo(200);
            assertThat(get.getContentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
            assertThat(new String(get.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(metrics.toText());
            HttpURLConnection post =
                    (HttpURLConnection) URI.create(root + "/metrics").toURL().openConnection();
            post.setRequestMethod("POST");
            assertThat(post.getResponseCode()).isEqualTo(405);
            HttpURLConnection other =
                    (HttpURLConnection) URI.create(root + "/other").toURL().openConnection();
            assertThat(other.getResponseCode()).isEqualTo(404);
        }
    }
}
