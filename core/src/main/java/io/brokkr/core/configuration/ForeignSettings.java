package io.brokkr.core.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * Settings of Apache Kafka's broker that stand in many a file and mean nothing here, and settings of plugins that were always part of Brokkr and may be missing: each with a sentence
 * that says what to do, in the resource {@code foreign-settings.properties}. All others that are not known are refused as unknown.
 */
final class ForeignSettings {

    private ForeignSettings() {}

    /** What to do about one of these; empty if there is nothing better to say than that it is unknown. */
    static Optional<String> advice(String name) {
        Properties advice = new Properties();
        try (InputStream table = ForeignSettings.class.getResourceAsStream("foreign-settings.properties")) {
            advice.load(Objects.requireNonNull(table));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return advice.stringPropertyNames().stream()
                .filter(known -> known.endsWith(".") ? name.startsWith(known) : name.equals(known))
                .map(advice::getProperty)
                .findFirst();
    }
}
