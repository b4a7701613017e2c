package io.brokkr.compatibility.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.compatibility.matrix.MatrixDocument.Recorded;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Cell FAILS = cell("kcat", "fetch", Verdict.FAIL, 1000);
    private static final Cell SLOW = cell("sarama", "fetch", Verdict.PASS, 4000);
    private static final Cell SAME = cell("sarama", "produce", Verdict.PASS, 1400);

    @Test
    void namesWhatPassesElsewhereAloneAndWhatIsSlower() {
        List<Cell> apacheKafka = List.of(
                cell("kcat", "fetch", Verdict.PASS, 900),
                cell("sarama", "fetch", Verdict.PASS, 2500),
                cell("sarama", "produce", Verdict.PASS, 500));

        String text = compared(apacheKafka);

        assertThat(text)
                .contains("| 3.9.2 | 2026-11-22 | 3 | 0 | 1 | 0 |")
                .contains("Passes with Apache Kafka 3.9.2 alone:\n\n- kcat, fetch\n")
                .contains("Slower with Brokkr than with Apache Kafka 3.9.2:\n\n- sarama, fetch: 4.0 s, 2.5 s\n\n")
                .contains("| produce | 1 | 1.4 | 0.5 |");
    }

    @Test
    void countsWhatPassesWithBrokkrAloneAndLeavesOutWhatWasNotMeasured() {
        String text = compared(List.of(
                cell("kcat", "fetch", Verdict.FAIL, 1),
                cell("sarama", "fetch", Verdict.FAIL, 1),
                cell("sarama", "produce", Verdict.PASS, 0)));

        assertThat(text)
                .contains("| 3.9.2 | 2026-11-22 | 1 | 2 | 0 | 1 |")
                .doesNotContain("alone:")
                .doesNotContain("Seconds");
    }

    @Test
    void isEmptyWithoutARunToCompareWith() {
        assertThat(new Comparison(List.of(SAME), Map.of()).text()).isEmpty();
    }

    private static String compared(List<Cell> apacheKafka) {
        return new Comparison(List.of(FAILS, SLOW, SAME), Map.of("3.9.2", new Recorded("2026-11-22", apacheKafka)))
                .text();
    }

    private static Cell cell(String client, String test, Verdict verdict, long milliseconds) {
        return new Cell(client, "1", test, verdict, "", milliseconds);
    }
}
