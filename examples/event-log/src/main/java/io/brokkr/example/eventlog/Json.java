package io.brokkr.example.eventlog;

import io.brokkr.spi.BrokerEvent;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Events as JSON, without a library. */
final class Json {

    private Json() {}

    static String of(BrokerEvent event) {
        Map<String, String> fields = new TreeMap<>(event.details());
        return "{\"time\":" + quoted(Instant.ofEpochMilli(event.timestamp()).toString())
                + ",\"type\":" + quoted(event.type())
                + ",\"subject\":" + quoted(event.subject())
                + fields.entrySet().stream()
                        .map(field -> "," + quoted(field.getKey()) + ":" + quoted(field.getValue()))
                        .collect(Collectors.joining())
                + "}";
    }

    private static String quoted(String text) {
        return text.chars()
                .mapToObj(character -> character < ' ' || character == '"' || character == '\\'
                        ? String.format("\\u%04x", character)
                        : Character.toString(character))
                .collect(Collectors.joining("", "\"", "\""));
    }
}
