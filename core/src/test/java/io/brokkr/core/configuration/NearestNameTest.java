package io.brokkr.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NearestNameTest {

    /** The definition itself, which takes exponential time. */
    private static int slowly(String left, String right) {
        if (left.isEmpty() || right.isEmpty()) {
            return left.length() + right.length();
        }
        String leftRest = left.substring(1);
        String rightRest = right.substring(1);
        int best = slowly(leftRest, rightRest) + (left.charAt(0) == right.charAt(0) ? 0 : 1);
        best = Math.min(best, 1 + Math.min(slowly(leftRest, right), slowly(left, rightRest)));
        if (left.length() > 1
                && right.length() > 1
                && left.charAt(0) == right.charAt(1)
                && left.charAt(1) == right.charAt(0)) {
            best = Math.min(best, 1 + slowly(left.substring(2), right.substring(2)));
        }
        return best;
    }

    @Property(tries = 300)
    void countsTheFewestEdits(
            @ForAll @StringLength(max = 6) @CharRange(from = 'a', to = 'c') String left,
            @ForAll @StringLength(max = 6) @CharRange(from = 'a', to = 'c') String right) {
        assertThat(NearestName.distance(left, right)).isEqualTo(slowly(left, right));
    }

    @Test
    void findsWhatWasMeant() {
        List<String> known = List.of("log.retention.ms", "log.retention.bytes", "num.partitions", "listeners");
        assertThat(NearestName.of("log.retenton.ms", known)).contains("log.retention.ms");
        assertThat(NearestName.of("num.partition", known)).contains("num.partitions");
        assertThat(NearestName.of("listners", known)).contains("listeners");
        assertThat(NearestName.of("something.else.altogether", known)).isEmpty();
    }
}
