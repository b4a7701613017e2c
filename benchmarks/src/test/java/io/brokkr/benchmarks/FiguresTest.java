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
    void theTableHasMediansSpreadsAndRatiosToTheFirst() {
        Figures figures = new Figures(List.of("peer", "ours"));
        for (double figure : new double[] {4, 2, 3}) {
            figures.add("seconds", "peer", figure);
        }
        figures.add("seconds", "ours", 1.5);
        figures.add("only ours", "ours", 250);

        assertThat(figures.table())
                .isEqualTo(
                        """
                        | measure | peer | ours | ratio |
                        | --- | --- | --- | --- |
                        | seconds | 3.00 (2.00–4.00) | 1.50 | 0.50 |
                        | only ours |  | 250 |  |
                        """);
    }
}
