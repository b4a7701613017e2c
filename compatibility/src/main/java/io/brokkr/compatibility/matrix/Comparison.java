package io.brokkr.compatibility.matrix;

import io.brokkr.compatibility.matrix.MatrixDocument.Recorded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Brokkr's last run beside the last runs against releases of Apache Kafka, as a chapter of the document.
 *
 * @param brokkr its cells
 * @param apacheKafka the runs by release, in the order in which they are shown
 */
record Comparison(List<Cell> brokkr, Map<String, Recorded> apacheKafka) {

    /** A cell counts as slower if it takes longer than this by both measures; less is the noise of a run with several clients at a time. */
    private static final double SLOWER_FACTOR = 1.5;

    private static final long SLOWER_MILLISECONDS = 1000;

    /** The chapter; empty without a run to compare with. */
    String text() {
        if (apacheKafka.isEmpty()) {
            return "";
        }
        StringBuilder page = new StringBuilder(
                """
                ## Beside Apache Kafka

                The same clients and tests with Apache Kafka in Brokkr's place: one node with its default settings (`compatibility/matrix --apache-kafka VERSION`).

                | release | run on | passed | failed | passes there alone | passes with Brokkr alone |
                | --- | --- | --- | --- | --- | --- |
                """);
        apacheKafka.forEach((release, run) -> page.append("| ")
                .append(release)
                .append(" | ")
                .append(run.date())
                .append(" | ")
                .append(count(run.cells(), Verdict.PASS))
                .append(" | ")
                .append(count(run.cells(), Verdict.FAIL))
                .append(" | ")
                .append(passesInFirstAlone(run.cells(), brokkr).size())
                .append(" | ")
                .append(passesInFirstAlone(brokkr, run.cells()).size())
                .append(" |\n"));
        page.append('\n');
        apacheKafka.forEach((release, run) -> {
            list(page, "Passes with Apache Kafka " + release + " alone:", passesInFirstAlone(run.cells(), brokkr));
            list(page, "Slower with Brokkr than with Apache Kafka " + release + ":", slower(run.cells()));
        });
        durations(page);
        return page.toString();
    }

    private static long count(List<Cell> cells, Verdict verdict) {
        return cells.stream().filter(cell -> cell.verdict() == verdict).count();
    }

    /** Cells that pass in the first run, and are in the second without passing. */
    private static List<String> passesInFirstAlone(List<Cell> first, List<Cell> second) {
        return first.stream()
                .filter(cell -> cell.verdict() == Verdict.PASS)
                .filter(cell -> find(second, cell)
                        .filter(other -> other.verdict() != Verdict.PASS)
                        .isPresent())
                .map(cell -> cell.client() + ", " + cell.test())
                .toList();
    }

    private List<String> slower(List<Cell> reference) {
        List<String> slower = new ArrayList<>();
        for (Cell cell : brokkr) {
            find(reference, cell)
                    .filter(other -> bothMeasured(cell, other))
                    .filter(other -> cell.milliseconds() > SLOWER_FACTOR * other.milliseconds()
                            && cell.milliseconds() > SLOWER_MILLISECONDS + other.milliseconds())
                    .ifPresent(other -> slower.add(cell.client() + ", " + cell.test() + ": "
                            + seconds(cell.milliseconds()) + " s, " + seconds(other.milliseconds()) + " s"));
        }
        return slower;
    }

    private static boolean bothMeasured(Cell one, Cell other) {
        return one.verdict() == Verdict.PASS
                && other.verdict() == Verdict.PASS
                && one.milliseconds() > 0
                && other.milliseconds() > 0;
    }

    private static Optional<Cell> find(List<Cell> cells, Cell place) {
        return cells.stream().filter(place::isSamePlaceAs).findFirst();
    }

    private static void list(StringBuilder page, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            page.append(title).append("\n\n");
            lines.forEach(line -> page.append("- ").append(line).append('\n'));
            page.append('\n');
        }
    }

    /** Medians over the clients that pass with all brokers, which were measured at all. */
    private void durations(StringBuilder page) {
        List<Cell> everywhere = brokkr.stream()
                .filter(cell -> apacheKafka.values().stream().allMatch(run -> find(run.cells(), cell)
                        .filter(other -> bothMeasured(cell, other))
                        .isPresent()))
                .toList();
        if (everywhere.isEmpty()) {
            return;
        }
        page.append(
                "Seconds that a test takes, the client's start included: the median over the clients that pass it with all of them.\n\n");
        page.append("| test | clients | Brokkr | ")
                .append(String.join(" | ", apacheKafka.keySet()))
                .append(" |\n");
        page.append("| --- | --- | --- |")
                .append(" --- |".repeat(apacheKafka.size()))
                .append('\n');
        everywhere.stream().map(Cell::test).distinct().forEach(test -> {
            List<Cell> places =
                    everywhere.stream().filter(cell -> cell.test().equals(test)).toList();
            page.append("| ").append(test).append(" | ").append(places.size()).append(" | ");
            page.append(seconds(median(places)));
            for (Recorded run : apacheKafka.values()) {
                List<Cell> others = places.stream()
                        .flatMap(cell -> find(run.cells(), cell).stream())
                        .toList();
                page.append(" | ").append(seconds(median(others)));
            }
            page.append(" |\n");
        });
        page.append('\n');
    }

    private static long median(List<Cell> cells) {
        long[] sorted = cells.stream().mapToLong(Cell::milliseconds).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String seconds(long milliseconds) {
        return String.format(Locale.ROOT, "%.1f", milliseconds / 1000.0);
    }
}
