package io.brokkr.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of all rounds, by measure and broker. */
final class Figures {
    private final List<String> brokers;
    private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

    /** The first broker is the one that the others are divided by. */
    Figures(List<String> brokers) {
        this.brokers = List.copyOf(brokers);
    }

    void add(String measure, String broker, double figure) {
        figures.computeIfAbsent(measure, key -> new LinkedHashMap<>())
                .computeIfAbsent(broker, key -> new ArrayList<>())
                .add(figure);
    }

    /** A Markdown table: medians, from least to most in brackets, and each broker's ratio to the first. */
    String table() {
        StringBuilder table = new StringBuilder("| measure |");
        for (String broker : brokers) {
            table.append(' ').append(broker).append(broker.equals(brokers.get(0)) ? " |" : " | ratio |");
        }
        table.append("\n| --- |")
                .append(" --- |".repeat(2 * brokers.size() - 1))
                .append('\n');
        figures.forEach((measure, byBroker) -> {
            table.append("| ").append(measure).append(" |");
            for (String broker : brokers) {
                table.append(' ')
                        .append(cell(byBroker.getOrDefault(broker, List.of())))
                        .append(" |");
                if (!broker.equals(brokers.get(0))) {
                    table.append(' ').append(ratio(byBroker, broker)).append(" |");
                }
            }
            table.append('\n');
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

    private String ratio(Map<String, List<Double>> byBroker, String broker) {
        List<Double> base = byBroker.getOrDefault(brokers.get(0), List.of());
        List<Double> own = byBroker.getOrDefault(broker, List.of());
        return base.isEmpty() || own.isEmpty() ? "" : text(median(own) / median(base));
    }

    private static String text(double figure) {
        return String.format(Locale.ROOT, figure >= 100 ? "%.0f" : figure >= 10 ? "%.1f" : "%.2f", figure);
    }
}
