package io.brokkr.core.configuration;

import java.util.List;
import java.util.Map;

/**
 * A value as somebody wrote it.
 *
 * @param source where it was written, for messages: {@code brokkr.properties, line 12}
 */
public record GivenSetting(String name, String text, String source) {

    /** All entries of a map, from one source. */
    public static List<GivenSetting> all(Map<String, String> values, String source) {
        return values.entrySet().stream()
                .map(entry -> new GivenSetting(entry.getKey(), entry.getValue(), source))
                .toList();
    }

    /**
     * Reads {@code key=value}.
     *
     * @throws InvalidConfigurationException if there is no key or no equals sign
     */
    public static GivenSetting parse(String assignment, String source) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new InvalidConfigurationException(source + " " + assignment + ": must be key=value");
        }
        return new GivenSetting(
                assignment.substring(0, equals).strip(),
                assignment.substring(equals + 1).strip(),
                source);
    }
}
