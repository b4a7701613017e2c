package io.brokkr.compatibility.matrix;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The record of the last whole run: {@code compatibility.md} to be read, {@code compatibility.json} for programs. */
final class MatrixDocument {

    /** The seven tests of the matrix from which the project began; they come first. */
    private static final List<String> FOUNDING = List.of(
            "api-versions", "metadata", "produce", "fetch", "consumer-group", "list-groups", "produce-v2-regression");

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path text;
    private final Path data;

    /** For a run against Brokkr, or against this release of Apache Kafka. */
    MatrixDocument(Path folder, @Nullable String apacheKafka) {
        this.text = folder.resolve("compatibility.md");
        this.data = folder.resolve(
                apacheKafka == null ? "compatibility.json" : "compatibility-apache-kafka-" + apacheKafka + ".json");
    }

    /** What is in the JSON file. */
    record Recorded(String date, List<Cell> cells) {}

    /** Those of the cells that fail, and did not in the last record. */
    List<Cell> turnedToFail(List<Cell> cells) throws IOException {
        List<Cell> recorded = Files.exists(data)
                ? JSON.readValue(data.toFile(), new TypeReference<Recorded>() {})
                        .cells()
                : List.of();
        return cells.stream()
                .filter(cell -> cell.verdict() == Verdict.FAIL)
                .filter(cell -> recorded.stream()
                        .noneMatch(before -> before.verdict() == Verdict.FAIL && before.isSamePlaceAs(cell)))
                .toList();
    }

    void write(List<Cell> cells) throws IOException {
        List<Cell> sorted = cells.stream()
                .sorted(Comparator.comparing(Cell::client).thenComparing(cell -> place(cell.test())))
                .toList();
        String date = LocalDate.now(ZoneOffset.UTC).toString();
        Files.writeString(data, JSON.writeValueAsString(new Recorded(date, sorted)) + "\n");
        if (data.endsWith("compatibility.json")) {
            Files.writeString(text, text(date, sorted));
        }
    }

    private static int place(String test) {
        int founding = FOUNDING.indexOf(test);
        return founding < 0 ? FOUNDING.size() : founding;
    }

    private static String text(String date, List<Cell> cells) {
        StringBuilder page = new StringBuilder(
                """
                # Compatibility

                Every client by every test, judged by what the client itself sees. Made by `compatibility/matrix`, after `mvn -q -DskipTests package`; the last
                run was on %s. ✓ passed, ✗ failed, – the client's library has no such function.

                %s

                """
                        .formatted(date, totals(cells)));
        page.append("## The founding tests\n\n");
        table(page, cells, FOUNDING);
        Set<String> others = cells.stream().map(Cell::test).collect(Collectors.toCollection(LinkedHashSet::new));
        FOUNDING.forEach(others::remove);
        page.append("## Further tests\n\n");
        table(page, cells, List.copyOf(new ArrayList<>(others)));
        words(page, "What failed, in the client's words", cells, Verdict.FAIL);
        words(page, "What clients cannot do", cells, Verdict.UNSUPPORTED);
        return page.toString();
    }

    private static String totals(List<Cell> cells) {
        return cells.stream().map(Cell::client).distinct().count() + " clients and variants, " + cells.size()
                + " cells: " + count(cells, Verdict.PASS) + " passed, " + count(cells, Verdict.FAIL) + " failed, "
                + count(cells, Verdict.UNSUPPORTED) + " not supported by the client.";
    }

    private static long count(List<Cell> cells, Verdict verdict) {
        return cells.stream().filter(cell -> cell.verdict() == verdict).count();
    }

    private static void table(StringBuilder page, List<Cell> cells, List<String> tests) {
        List<Cell> shown =
                cells.stream().filter(cell -> tests.contains(cell.test())).toList();
        page.append("| client | version | ").append(String.join(" | ", tests)).append(" |\n");
        page.append("| --- | --- |").append(" --- |".repeat(tests.size())).append('\n');
        shown.stream().map(Cell::client).distinct().forEach(client -> {
            List<Cell> row =
                    shown.stream().filter(cell -> cell.client().equals(client)).toList();
            page.append("| ").append(client).append(" | ").append(row.get(0).version());
            for (String test : tests) {
                Optional<Cell> cell =
                        row.stream().filter(one -> one.test().equals(test)).findFirst();
                page.append(" | ").append(cell.map(one -> one.verdict().mark()).orElse(""));
            }
            page.append(" |\n");
        });
        page.append('\n');
    }

    private static void words(StringBuilder page, String title, List<Cell> cells, Verdict verdict) {
        List<Cell> shown =
                cells.stream().filter(cell -> cell.verdict() == verdict).toList();
        if (!shown.isEmpty()) {
            page.append("## ").append(title).append("\n\n");
            shown.forEach(cell -> page.append("- ")
                    .append(cell.client())
                    .append(", ")
                    .append(cell.test())
                    .append(": ")
                    .append(cell.words())
                    .append('\n'));
            page.append('\n');
        }
    }
}
