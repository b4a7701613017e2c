package io.brokkr.plugin.prometheus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A page in the text format, as its documentation says that it is read: in particular {@code 3} and {@code 3.0} are the same number.
 *
 * @param help by name
 * @param types by name, in their order on the page
 * @param samples by name and labels
 */
record ParsedPage(Map<String, String> help, List<String> types, Map<Series, Double> samples) {

    /** What has a value of its own. */
    record Series(String name, Map<String, String> labels) {}

    static ParsedPage of(String text) {
        ParsedPage page = new ParsedPage(new TreeMap<>(), new ArrayList<>(), new HashMap<>());
        text.lines().forEach(page::add);
        return page;
    }

    private void add(String line) {
        if (line.startsWith("# HELP ")) {
            String[] words = line.split(" ", 4);
            help.put(words[2], unescaped(words[3]));
        } else if (line.startsWith("# TYPE ")) {
            types.add(line.substring("# TYPE ".length()));
        } else {
            int value = line.lastIndexOf(' ') + 1;
            Double before = samples.put(series(line.substring(0, value - 1)), number(line.substring(value)));
            if (before != null) {
                throw new AssertionError("twice: " + line);
            }
        }
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static Series series(String text) {
        int brace = text.indexOf('{');
        if (brace < 0) {
            return new Series(text, Map.of());
        }
        Map<String, String> labels = new TreeMap<>();
        int position = brace + 1;
        while (text.charAt(position) != '}') {
            int equals = text.indexOf('=', position);
            int end = equals + 2;
            while (text.charAt(end) != '"') {
                end += text.charAt(end) == '\\' ? 2 : 1;
            }
            labels.put(text.substring(position, equals), unescaped(text.substring(equals + 2, end)));
            position = text.charAt(end + 1) == ',' ? end + 2 : end + 1;
        }
        return new Series(text.substring(0, brace), labels);
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '\\') {
                i++;
                character = text.charAt(i) == 'n' ? '\n' : text.charAt(i);
            }
            plain.append(character);
        }
        return plain.toString();
    }
}
