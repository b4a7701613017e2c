package io.brokkr.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.brokkr.spi.MetricFamily;
import io.brokkr.spi.MetricFamily.Kind;
import io.brokkr.spi.MetricFamily.Sample;
import io.brokkr.spi.Metrics;
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

    private List<Sample> samples(String name) {
        return metrics.snapshot().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .toList();
    }

    @Test
    void tellsWhatThereIsInTheOrderOfTheNames() {
        metrics.counter("requests_total", "Requests.", Map.of("api", "Fetch")).add(3);
        metrics.gauge("temperature_celsius", "How warm.", Map.of(), () -> 20.5);
        metrics.gauge("nothing", "Not a number.", Map.of(), () -> Double.NaN);
        assertThat(metrics.snapshot())
                .containsExactly(
                        new MetricFamily(
                                "nothing", "Not a number.", Kind.GAUGE, List.of(new Sample(Map.of(), Double.NaN))),
                        new MetricFamily(
                                "requests_total",
                                "Requests.",
                                Kind.COUNTER,
                                List.of(new Sample(Map.of("api", "Fetch"), 3))),
                        new MetricFamily(
                                "temperature_celsius", "How warm.", Kind.GAUGE, List.of(new Sample(Map.of(), 20.5))));
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

        assertThat(samples("level")).containsExactly(new Sample(Map.of("of", "b"), 2));
    }

    @Test
    void aGaugeThatFailsIsNoNumberAndHidesNoOther() {
        metrics.gauge("broken", "Broken.", Map.of(), () -> {
            throw new IllegalStateException("as the test wants it");
        });
        metrics.gauge("gone", "Gone.", Map.of(), () -> {
            throw new NoClassDefFoundError("as of a plugin whose jar is closed");
        });
        metrics.gauge("level", "Level.", Map.of(), () -> 1);
        assertThat(metrics.snapshot())
                .flatExtracting(MetricFamily::samples)
                .extracting(Sample::value)
                .containsExactly(Double.NaN, Double.NaN, 1.0);
    }

    /** A duration is in the first bucket whose bound it does not exceed, and in no other. */
    @Property(tries = 200)
    void bucketsHoldWhatTheyShould(
            @ForAll @Size(max = 50) List<@LongRange(min = 0, max = 20_000_000_000L) Long> durations) {
        MetricsRegistry registry = new MetricsRegistry();
        Metrics.Timings timings = registry.timings("request_seconds", "Durations.", Map.of("api", "x"));
        durations.forEach(timings::record);

        Sample sample = registry.snapshot().get(0).samples().get(0);
        double below = -1;
        for (MetricFamily.Bucket bucket : sample.buckets()) {
            double above = below;
            assertThat(bucket.upToSeconds()).isGreaterThan(above);
            assertThat(bucket.count())
                    .isEqualTo(durations.stream()
                            .filter(nanos -> nanos > above * 1e9 && nanos <= bucket.upToSeconds() * 1e9)
                            .count());
            below = bucket.upToSeconds();
        }
        assertThat(below).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(sample.value())
                .isCloseTo(durations.stream().mapToLong(nanos -> nanos).sum() / 1e9, within(1e-9));
    }

    @Test
    void theSameNameAndLabelsAreTheSameMetric() {
        metrics.counter("hits_total", "Hits.", Map.of("a", "1", "b", "2")).add(1);
        metrics.counter("hits_total", "Hits.", Map.of("b", "2", "a", "1")).add(2);
        metrics.gauge("level", "Level.", Map.of(), () -> 1);
        metrics.gauge("level", "Level.", Map.of(), () -> 2);
        assertThat(samples("hits_total")).containsExactly(new Sample(Map.of("a", "1", "b", "2"), 3));
        assertThat(samples("level")).containsExactly(new Sample(Map.of(), 2));
    }

    @Test
    void refusesNamesThatMonitoringSystemsDoNotRead() {
        metrics.counter("hits_total", "Hits.", Map.of());
        assertThatThrownBy(() -> metrics.gauge("hits_total", "Hits.", Map.of(), () -> 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hits_total is of the kind COUNTER, not GAUGE");
        for (String name : List.of("", "9lives", "with space", "Upper", "dash-ed")) {
            assertThatThrownBy(() -> metrics.counter(name, "Bad.", Map.of()))
                    .as("metric %s", name)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> metrics.counter("good_total", "Good.", Map.of(name, "value")))
                    .as("label %s", name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
