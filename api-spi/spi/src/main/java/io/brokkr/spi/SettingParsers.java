package io.brokkr.spi;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Turns the texts of settings into values; what is thrown completes the sentence «… must be». */
final class SettingParsers {

    private SettingParsers() {}

    static Function<String, String> text() {
        return text -> text;
    }

    static Function<String, String> choice(List<String> choices) {
        return text -> {
            if (!choices.contains(text)) {
                throw new IllegalArgumentException("one of " + String.join(", ", choices));
            }
            return text;
        };
    }

    static <E extends Enum<E>> Function<String, E> constant(List<E> constants) {
        return text -> constants.stream()
                .filter(constant -> constant.name().equalsIgnoreCase(text.replace('-', '_')))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("one of "
                        + String.join(
                                ", ",
                                constants.stream()
                                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                        .toList())));
    }

    static Function<String, Boolean> flag() {
        return text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false");
        };
    }

    static Function<String, Integer> integer(int least, int most) {
        return text -> (int) parseNumber(text, least, most);
    }

    static Function<String, Long> number(long least, long most) {
        return text -> parseNumber(text, least, most);
    }

    static Function<String, Duration> millis() {
        return text -> Duration.ofMillis(parseNumber(text, 0, Long.MAX_VALUE));
    }

    static Function<String, List<String>> list() {
        return text -> Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static long parseNumber(String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Falls through to the one sentence that tells both mistakes.
        }
        throw new IllegalArgumentException("a whole number from " + least + " to " + most);
    }
}
