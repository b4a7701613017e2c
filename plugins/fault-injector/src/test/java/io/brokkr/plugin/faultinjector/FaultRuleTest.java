package io.brokkr.plugin.faultinjector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is what is meant, and what means nothing is told. */
class FaultRuleTest {

    @Provide
    Arbitrary<List<FaultRule>> rules() {
        Arbitrary<String> names = Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars("._-")
                .ofMinLength(1)
                .ofMaxLength(20);
        return Combinators.combine(
                        Arbitraries.of("Produce", "Fetch", "Metadata", "OffsetCommit", FaultRule.ALL),
                        names.injectNull(0.3),
                        Arbitraries.integers().between(0, 100_000).injectNull(0.5),
                        Arbitraries.of(ErrorCode.class)
                                .filter(error -> error != ErrorCode.NONE)
                                .injectNull(0.5),
                        names.injectNull(0.5),
                        Arbitraries.integers().between(0, 1_000),
                        Arbitraries.doubles().between(0.01, 1),
                        Arbitraries.longs().between(1, Long.MAX_VALUE))
                .as((api, topic, delay, error, client, after, probability, times) -> new FaultRule(
                        "",
                        api,
                        topic == null ? FaultRule.ALL : topic,
                        delay == null ? null : Duration.ofMillis(delay),
                        delay == null ? error : null,
                        delay == null && after % 2 == 0,
                        client,
                        after,
                        probability,
                        times))
                .list()
                .ofMaxSize(4);
    }

    private static String written(FaultRule rule) {
        List<String> parts = new ArrayList<>(List.of(rule.api(), rule.topic()));
        if (rule.delay() != null) {
            parts.add("delay=" + rule.delay().toMillis() + "ms");
        } else {
            parts.add(rule.error() == null ? "drop" : "error=" + rule.error());
        }
        if (rule.client() != null) {
            parts.add("client=" + rule.client());
        }
        if (rule.handled()) {
            parts.add("handled");
        }
        parts.add("times=" + rule.times());
        parts.add(" probability=" + rule.probability());
        parts.add("after=" + rule.after() + " ");
        return String.join(":", parts);
    }

    @Property
    void whatIsWrittenIsWhatIsMeant(@ForAll("rules") List<FaultRule> rules) {
        String text =
                String.join(" ;\n", rules.stream().map(FaultRuleTest::written).toList());
        assertThat(FaultRule.parseAll(text))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("text")
                .isEqualTo(rules);
    }

    @Test
    void durationsHaveUnits() {
        assertThat(FaultRule.parseAll("*:*:delay=7ms;*:*:delay=7s;*:*:delay=7m"))
                .extracting(FaultRule::delay)
                .containsExactly(Duration.ofMillis(7), Duration.ofSeconds(7), Duration.ofMinutes(7));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drop                               | there are less than the three parts API:TOPIC:FAULT",
                "Prodce:*:drop                      | there is no API «Prodce»",
                "Produce::drop                      | the topic is missing; * is for all",
                "Heartbeat:orders:drop              | requests of Heartbeat name no topics, so that it has to be Heartbeat:*",
                "*:*:crash                          | «crash» is none of delay=200ms, error=NAME and drop",
                "*:*:delay                          | «delay» has to be delay=VALUE",
                "*:*:delay=200                      | «delay=200» has to be like 200ms, 2s or 1m",
                "*:*:delay=ms                       | «delay=ms» has to be like 200ms, 2s or 1m",
                "*:*:delay=1s:handled               | «handled» goes without saying, since a delay is one of the response",
                "*:*:error=NOT_LEADER               | «error=NOT_LEADER» is none of the protocol's errors",
                "*:*:error=NONE                     | «error=NONE» is none of the protocol's errors",
                "*:*:drop=2                         | «drop=2» has to be drop",
                "*:*:drop:handled=yes               | «handled=yes» has to be handled",
                "*:*:drop:tims=3                    | «tims=3» is none of after, client, handled, probability, times",
                "*:*:drop:delay=1s                  | «delay=1s» is none of after, client, handled, probability, times",
                "*:*:drop:times=0                   | «0» has to be a whole number from 1 on",
                "*:*:drop:times                     | «times» has to be times=VALUE",
                "*:*:drop:times=1:times=2           | times stands twice",
                "*:*:drop:drop                      | drop stands twice",
                "*:*:drop:after=-1                  | «-1» has to be a whole number from 0 on",
                "*:*:drop:probability=0             | «probability=0» has to be above 0, and 1 at most",
                "*:*:drop:probability=10%           | «probability=10%» has to be above 0, and 1 at most",
            })
    void mistakesAreTold(String rule, String reason) {
        assertThatThrownBy(() -> FaultRule.parse(rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("in «" + rule + "» " + reason);
        assertThatThrownBy(() -> FaultInjector.FAULTS.parse("*:*:drop;" + rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "rules such as Produce:orders:delay=200ms;Fetch:*:drop:times=3; in «" + rule + "» " + reason);
    }
}
