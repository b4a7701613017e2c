package io.brokkr.plugin.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.prometheus.ParsedPage.Series;
import io.brokkr.spi.MetricFamily;
import io.brokkr.spi.MetricFamily.Bucket;
import io.brokkr.spi.MetricFamily.Kind;
import io.brokkr.spi.MetricFamily.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {

    private static final double[] BOUNDS = {5.0E-5, 0.001, 2.5, Double.POSITIVE_INFINITY};

    /** What the page of Brokkr without this plugin said of the same metrics. */
    private static final String AS_BEFORE =
            """
            # HELP brokkr_connections Connections that are open
            # TYPE brokkr_connections gauge
            brokkr_connections 3
            # HELP brokkr_connections_total Connections that were accepted
            # TYPE brokkr_connections_total counter
            brokkr_connections_total 7
            # HELP brokkr_request_seconds How long requests took.\\nAll of \\\\them
            # TYPE brokkr_request_seconds histogram
            brokkr_request_seconds_bucket{a="q\\"\\\\\\n",api="Fetch",le="5.0E-5"} 2
            brokkr_request_seconds_bucket{a="q\\"\\\\\\n",api="Fetch",le="0.001"} 2
            brokkr_request_seconds_bucket{a="q\\"\\\\\\n",api="Fetch",le="2.5"} 5
            brokkr_request_seconds_bucket{a="q\\"\\\\\\n",api="Fetch",le="+Inf"} 6
            brokkr_request_seconds_sum{a="q\\"\\\\\\n",api="Fetch"} 7.25
            brokkr_request_seconds_count{a="q\\"\\\\\\n",api="Fetch"} 6
            # HELP level Up to 1e15
            # TYPE level gauge
            level{of="a"} NaN
            level{of="b"} -Inf
            level{of="c"} 2.5E15
            """;

    private static String text(List<MetricFamily> families) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusText.write(families, text);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static List<Bucket> buckets(long... counts) {
        List<Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            buckets.add(new Bucket(BOUNDS[i], counts[i]));
        }
        return buckets;
    }

    @Test
    void saysWhatThePageSaidBefore() {
        Map<String, String> labels = Map.of("api", "Fetch", "a", "q\"\\\n");
        String page = text(List.of(
                new MetricFamily(
                        "brokkr_connections",
                        "Connections that are open",
                        Kind.GAUGE,
                        List.of(new Sample(Map.of(), 3))),
                new MetricFamily(
                        "brokkr_connections_total",
                        "Connections that were accepted",
                        Kind.COUNTER,
                        List.of(new Sample(Map.of(), 7))),
                new MetricFamily(
                        "brokkr_request_seconds",
                        "How long requests took.\nAll of \\them",
                        Kind.TIMINGS,
                        List.of(new Sample(labels, 7.25, buckets(2, 0, 3, 1)))),
                new MetricFamily(
                        "level",
                        "Up to 1e15",
                        Kind.GAUGE,
                        List.of(
                                new Sample(Map.of("of", "c"), 2.5e15),
                                new Sample(Map.of("of", "a"), Double.NaN),
                                new Sample(Map.of("of", "b"), Double.NEGATIVE_INFINITY)))));
        assertThat(ParsedPage.of(page)).isEqualTo(ParsedPage.of(AS_BEFORE));
        assertThat(page).contains("brokkr_request_seconds_bucket{a=\"q\\\"\\\\\\n\",api=\"Fetch\",le=\"5.0E-5\"} 2\n");
    }

    /** Whatever is shown can be read again: no metric is lost, is taken for another, or has another value. */
    @Property(tries = 300)
    void whatIsWrittenIsWhatWasThere(@ForAll("families") List<MetricFamily> families) {
        ParsedPage page = ParsedPage.of(text(families));
        Map<String, String> help = new TreeMap<>();
        List<String> types = new ArrayList<>();
        Map<Series, Double> samples = new HashMap<>();
        for (MetricFamily family : families) {
            if (!family.samples().isEmpty()) {
                help.put(family.name(), family.help());
                types.add(family.name() + " " + typeOf(family.kind()));
            }
            family.samples().forEach(sample -> expect(family, sample, samples));
        }
        assertThat(page.help()).isEqualTo(help);
        assertThat(page.types()).isEqualTo(types.stream().sorted().toList());
        assertThat(page.samples()).isEqualTo(samples);
    }

    private static String typeOf(Kind kind) {
        return switch (kind) {
            case COUNTER -> "counter";
            case GAUGE -> "gauge";
            case TIMINGS -> "histogram";
        };
    }

    private static void expect(MetricFamily family, Sample sample, Map<Series, Double> samples) {
        if (family.kind() != Kind.TIMINGS) {
            samples.put(new Series(family.name(), sample.labels()), sample.value());
            return;
        }
        double upToHere = 0;
        for (Bucket bucket : sample.buckets()) {
            upToHere += bucket.count();
            Map<String, String> labels = new TreeMap<>(sample.labels());
            labels.put("le", Double.isInfinite(bucket.upToSeconds()) ? "+Inf" : Double.toString(bucket.upToSeconds()));
            samples.put(new Series(family.name() + "_bucket", labels), upToHere);
        }
        samples.put(new Series(family.name() + "_sum", sample.labels()), sample.value());
        samples.put(new Series(family.name() + "_count", sample.labels()), upToHere);
    }

    /** Few names, so that a gauge's is often that of a counter without its ending. */
    @Provide
    Arbitrary<List<MetricFamily>> families() {
        Arbitrary<MetricFamily> counter = family(
                Arbitraries.of("a_total", "a_b_total", "c_total"),
                Kind.COUNTER,
                Arbitraries.doubles().greaterOrEqual(0));
        Arbitrary<MetricFamily> gauge = family(
                Arbitraries.of("a", "a_b", "b_info", "total"),
                Kind.GAUGE,
                Arbitraries.oneOf(
                        Arbitraries.doubles(),
                        Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)));
        Arbitrary<MetricFamily> timings = family(
                Arbitraries.of("d_seconds", "e_seconds"),
                Kind.TIMINGS,
                Arbitraries.doubles().greaterOrEqual(0));
        return Arbitraries.oneOf(counter, gauge, timings).list().ofMaxSize(7).uniqueElements(MetricFamily::name);
    }

    private static Arbitrary<MetricFamily> family(Arbitrary<String> names, Kind kind, Arbitrary<Double> values) {
        Arbitrary<String> texts =
                Arbitraries.strings().withChars("ab \"\\\n{},=#ü€").ofMaxLength(8);
        Arbitrary<Map<String, String>> labels =
                Arbitraries.maps(Arbitraries.of("api", "topic", "_x"), texts).ofMaxSize(3);
        Arbitrary<List<Bucket>> buckets = kind == Kind.TIMINGS
                ? Arbitraries.longs()
                        .between(0, 1_000_000)
                        .array(long[].class)
                        .ofSize(BOUNDS.length)
                        .map(PrometheusTextTest::buckets)
                : Arbitraries.just(List.of());
        Arbitrary<List<Sample>> samples = Combinators.combine(labels, values, buckets)
                .as(Sample::new)
                .list()
                .ofMaxSize(4)
                .uniqueElements(Sample::labels);
        return Combinators.combine(names, texts.filter(text -> !text.isBlank()), samples)
                .as((name, help, all) -> new MetricFamily(name, help, kind, all));
    }
}
