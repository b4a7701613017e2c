package io.brokkr.compatibility.matrix;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The record of the last whole runs: {@code compatibility.json} of that against Brokkr, {@code compatibility-apache-kafka-<release>.json} of those against Apache Kafka, and
 * {@code compatibility.md}, which is made of all of them.
 */
final class MatrixDocument {

    /** The seven tests of the matrix from which the project began; they come first. */
    private static final List<String> FOUNDING = List.of(
            "api-versions", "metadata", "produce", "fetch", "consumer-group", "list-groups", "produce-v2-regression");

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final String REFERENCE = "compatibility-apache-kafka-";

    private final Path folder;
    private final Path data;

    /** For a run against Brokkr, or against this release of Apache Kafka. */
    MatrixDocument(Path folder, @Nullable String apacheKafka) {
        this.folder = folder;
        this.data = folder.resolve(apacheKafka == null ? "compatibility.json" : REFERENCE + apacheKafka + ".json");
    }

    /** What is in the JSON file. */
    record Recorded(String date, List<Cell> cells) {}

    /** Those of the cells that fail, and did not in the last record. */
    List<Cell> turnedToFail(List<Cell> cells) throws IOException {
        List<Cell> recorded = Files.exists(data) ? read(data).cells() : List.of();
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
        render();
    }

    /** Writes the text anew from what is recorded. */
    void render() throws IOException {
        Path brokkr = folder.resolve("compatibility.json");
        if (Files.exists(brokkr)) {
            Files.writeString(folder.resolve("compatibility.md"), text(read(brokkr), references()));
        }
    }

    private static Recorded read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), Recorded.class);
    }

    private Map<String, Recorded> references() throws IOException {
        Map<String, Recorded> references = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, REFERENCE + "*.json")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                references.put(name.substring(REFERENCE.length(), name.length() - ".json".length()), read(file));
            }
        }
        return references;
    }

    private static int place(String test) {
        int founding = FOUNDING.indexOf(test);
        return founding < 0 ? FOUNDING.size() : founding;
    }

    private static String text(Recorded run, Map<String, Recorded> references) {
        List<Cell> cells = run.cells();
        StringBuilder page = new StringBuilder(
                """
                # Compatibility

                Every client by every test, judged by what the client itself sees. Made by `compatibility/matrix`, after `mvn -q -DskipTests package`; the last
                run was on %s. ✓ passed, ✗ failed, – the client's library has no such function.

                %s

                """
                        .formatted(run.date(), totals(cells)));
        page.append("## The founding tests\n\n");
        table(page, cells, FOUNDING);
        Set<String> others = cells.stream().map(Cell::test).collect(Collectors.toCollection(LinkedHashSet::new));
        FOUNDING.forEach(others::remove);
        page.append("## Further tests\n\n");
        table(page, cells, List.copyOf(new ArrayList<>(others)));
        page.append(new Comparison(cells, references).text());
        words(page, "What failed, in the client's words", cells, Verdict.FAIL);
        words(page, "What really sends old versions", cells, Verdict.PASS);
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
        List<Cell> shown = cells.stream()
                .filter(cell -> cell.verdict() == verdict && !cell.words().isEmpty())
                .toList();
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
