package io.brokkr.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Property
    void asManyLieAboveTheMedianAsBelow(@ForAll @NotEmpty List<@DoubleRange(min = 0, max = 1e9) Double> figures) {
        double median = Figures.median(figures);

        long below = figures.stream().filter(figure -> figure < median).count();
        long above = figures.stream().filter(figure -> figure > median).count();
        assertThat(below).isLessThanOrEqualTo(figures.size() / 2);
        assertThat(above).isLessThanOrEqualTo(figures.size() / 2);
    }

    @Test
    void theTableHasMediansSpreadsRatiosAndGoals() {
        Figures figures = new Figures("peer", "ours");
        for (double figure : new double[] {4, 2, 3}) {
            figures.add("seconds", "peer", figure);
        }
        figures.add("seconds", "ours", 1.5);
        figures.add("only ours", "ours", 250);
        figures.add("only the peer's", "peer", 2);
        figures.expect("seconds", Goal.ratioAtMost(0.5));
        figures.expect("only ours", Goal.atMost(200));
        figures.expect("only the peer's", Goal.ratioAtLeast(5));
        figures.expect("never measured", Goal.atLeast(1));

        assertThat(figures.table())
                .isEqualTo(
                        """
                        | measure | peer | ours | ratio | goal |
                        | --- | --- | --- | --- | --- |
                        | seconds | 3.00 (2.00–4.00) | 1.50 | 0.50 | ≤ 0.50: met |
                        | only ours |  | 250 |  | ≤ 200: missed |
                        | only the peer's | 2.00 |  |  | ≥ 5.00 |
                        """);
    }

    @Test
    void aPeersZeroHasNoRatio() {
        Figures figures = new Figures("peer", "ours");
        figures.add("p50, ms", "peer", 0);
        figures.add("p50, ms", "ours", 1);
        figures.expect("p50, ms", Goal.ratioAtMost(0.5));

        assertThat(figures.table()).contains("| p50, ms | 0.00 | 1.00 |  | ≤ 0.50 |");
    }

    @Property
    void oneOfTwoOppositeGoalsIsMetByEachFigure(
            @ForAll @DoubleRange(max = 100) double figure, @ForAll @DoubleRange(max = 100) double bound) {
        boolean most = Goal.atMost(bound).verdict(figure).endsWith("met");
        boolean least = Goal.atLeast(bound).verdict(figure).endsWith("met");

        assertThat(most).isEqualTo(figure <= bound);
        assertThat(most || least).isTrue();
        assertThat(most && least).isEqualTo(figure == bound);
    }
}
