package io.brokkr.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The figures of all rounds, by measure and broker. */
final class Figures {
    private final String peer;
    private final String own;
    private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();
    private final Map<String, Goal> goals = new HashMap<>();

    /** The figures of {@code own} are divided by those of {@code peer}. */
    Figures(String peer, String own) {
        this.peer = peer;
        this.own = own;
    }

    void add(String measure, String broker, double figure) {
        figures.computeIfAbsent(measure, key -> new LinkedHashMap<>())
                .computeIfAbsent(broker, key -> new ArrayList<>())
                .add(figure);
    }

    /** In the row of that measure and the contender's durability. */
    void add(String measure, Contender contender, double figure) {
        add(measure + contender.durability().suffix(), contender.broker(), figure);
    }

    /** Shown in the measure's row, once it has figures. */
    void expect(String measure, Goal goal) {
        goals.put(measure, goal);
    }

    /** The rows there are, in the order in which they came. */
    Set<String> measures() {
        return figures.keySet();
    }

    /** Of all rounds so far. */
    OptionalDouble median(String measure, String broker) {
        List<Double> all = figures.getOrDefault(measure, Map.of()).getOrDefault(broker, List.of());
        return all.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(median(all));
    }

    /** A Markdown table: medians, from least to most in brackets, the ratio of the medians, and the goal. */
    String table() {
        StringBuilder table = new StringBuilder(
                "| measure | " + peer + " | " + own + " | ratio | goal |\n" + "| --- | --- | --- | --- | --- |\n");
        figures.forEach((measure, byBroker) -> {
            OptionalDouble ratio = ratio(measure);
            List<String> cells = List.of(
                    measure,
                    cell(byBroker.getOrDefault(peer, List.of())),
                    cell(byBroker.getOrDefault(own, List.of())),
                    ratio.isEmpty() ? "" : text(ratio.getAsDouble()),
                    verdict(goals.get(measure), ratio, median(measure, own)));
            table.append("| ").append(String.join(" | ", cells)).append(" |\n");
        });
        return table.toString();
    }

    /** The middle one, or the mean of the two in the middle. */
    static double median(List<Double> figures) {
        List<Double> sorted = new ArrayList<>(figures);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String cell(List<Double> figures) {
        if (figures.isEmpty()) {
            return "";
        }
        String least = text(Collections.min(figures));
        String most = text(Collections.max(figures));
        return text(median(figures)) + (figures.size() == 1 ? "" : " (" + least + "–" + most + ")");
    }

    /** Empty where a figure is missing, or where the tool's own resolution makes the peer's a zero. */
    private OptionalDouble ratio(String measure) {
        double base = median(measure, peer).orElse(0);
        OptionalDouble figure = median(measure, own);
        return base == 0 || figure.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(figure.getAsDouble() / base);
    }

    private static String verdict(@Nullable Goal goal, OptionalDouble ratio, OptionalDouble figure) {
        if (goal == null) {
            return "";
        }
        OptionalDouble judged = goal.ofRatio() ? ratio : figure;
        return judged.isEmpty() ? goal.toString() : goal.verdict(judged.getAsDouble());
    }

    static String text(double figure) {
        return String.format(Locale.ROOT, figure >= 100 ? "%.0f" : figure >= 10 ? "%.1f" : "%.2f", figure);
    }
}
