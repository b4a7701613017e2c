package io.brokkr.plugin.faultinjector;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Which of the requests that a rule is for are struck. */
class FaultTest {

    private static List<Boolean> strikes(Faults faults, int requests) {
        List<Boolean> strikes = new ArrayList<>();
        for (int request = 0; request < requests; request++) {
            Fault striking = faults.striking(rule -> true);
            if (striking != null) {
                striking.countStruck();
            }
            strikes.add(striking != null);
        }
        return strikes;
    }

    @Property
    void theFirstAreSparedAndThenSoManyAreStruck(
            @ForAll @IntRange(max = 20) int after,
            @ForAll @IntRange(min = 1, max = 20) int times,
            @ForAll @IntRange(max = 50) int requests) {
        Faults faults = new Faults();
        Fault fault = faults.add("*:*:drop:after=" + after + ":times=" + times);
        List<Boolean> strikes = strikes(faults, requests);
        for (int request = 0; request < requests; request++) {
            assertThat(strikes.get(request)).isEqualTo(request >= after && request < after + times);
        }
        assertThat(fault.struck())
                .isEqualTo(strikes.stream().filter(struck -> struck).count());
    }

    @Property
    void theSameSeedStrikesTheSameOnes(@ForAll long seed) {
        List<List<Boolean>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            Faults faults = new Faults();
            faults.seed(seed);
            faults.add("*:*:drop:probability=0.25");
            runs.add(strikes(faults, 400));
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1));
        // A hundred are likely; that it is none of these has a probability below 1e-12.
        assertThat(runs.get(0).stream().filter(struck -> struck).count()).isBetween(35L, 175L);
    }

    @Test
    void theFirstRuleThatStrikesIsTheOnlyOne() {
        Faults faults = new Faults();
        Fault first = faults.add("*:*:drop:after=1:times=1");
        Fault second = faults.add("*:*:drop:times=2");
        assertThat(faults.striking(rule -> true)).isSameAs(second);
        assertThat(faults.striking(rule -> true)).isSameAs(first);
        assertThat(faults.striking(rule -> true)).isSameAs(second);
        assertThat(faults.striking(rule -> true)).isNull();
        assertThat(faults.isEmpty()).isTrue();
    }

    @Test
    void whatIsTakenAwayStrikesNobody() {
        Faults faults = new Faults();
        Fault fault = faults.drop("*", "*");
        faults.error("Produce", "orders", ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(faults).hasToString("[*:*:drop, Produce:orders:error=KAFKA_STORAGE_ERROR]");
        fault.close();
        fault.close();
        assertThat(faults).hasToString("[Produce:orders:error=KAFKA_STORAGE_ERROR]");
        faults.clear();
        assertThat(strikes(faults, 3)).containsOnly(false);
        assertThat(fault.struck()).isZero();
    }
}
