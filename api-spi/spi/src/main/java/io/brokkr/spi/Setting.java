package io.brokkr.spi;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A named, typed and documented value of the configuration. A constant of the class that reads it, so that its documentation stands where it
 * is used. Immutable; compared by identity.
 *
 * @param <T> the type of the value
 */
public class Setting<T> {

    /** The types that Kafka's DescribeConfigs names, with their numbers there. */
    public enum Type {
        /** {@code true} or {@code false}. */
        BOOLEAN(1),
        /** Text. */
        STRING(2),
        /** A number of 32 bits. */
        INT(3),
        /** A number of 64 bits; durations too, in milliseconds. */
        LONG(5),
        /** A fraction. */
        DOUBLE(6),
        /** Texts with commas between them. */
        LIST(7),
        /** Text that nobody is shown. */
        PASSWORD(9);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** The number in DescribeConfigs. */
        public int code() {
            return code;
        }
    }

    private final String name;
    private final Type type;
    private final @Nullable String defaultText;
    private final String documentation;
    private final Function<String, T> parser;

    /**
     * A setting of any kind.
     *
     * @param defaultText the default as one would write it; null for none, and then {@link Configuration#get} gives what the parser makes of the empty text
     * @param documentation for the operator: what it does, its unit, and when to change it
     * @param parser turns text into a value, or throws {@link IllegalArgumentException} with what it expects, as in «a number of 1 or more»
     */
    public Setting(
            String name, Type type, @Nullable String defaultText, String documentation, Function<String, T> parser) {
        this.name = name;
        this.type = type;
        this.defaultText = defaultText;
        this.documentation = documentation;
        this.parser = parser;
    }

    /** Text. */
    public static Setting<String> text(String name, @Nullable String defaultText, String documentation) {
        return new Setting<>(name, Type.STRING, defaultText, documentation, SettingParsers.text());
    }

    /** Text that is shown to nobody; empty where none is given. */
    public static Setting<String> password(String name, String documentation) {
        return new Setting<>(name, Type.PASSWORD, null, documentation, SettingParsers.text());
    }

    /** Text that is one of several. */
    public static Setting<String> choice(String name, String defaultText, List<String> choices, String documentation) {
        return new Setting<>(name, Type.STRING, defaultText, documentation, SettingParsers.choice(choices));
    }

    /** A constant of an enum, written in lower case with dashes or underscores. */
    public static <E extends Enum<E>> Setting<E> constant(
            String name, E defaultValue, Class<E> constants, String documentation) {
        return new Setting<>(
                name,
                Type.STRING,
                defaultValue.name().toLowerCase(Locale.ROOT),
                documentation,
                SettingParsers.constant(Arrays.asList(constants.getEnumConstants())));
    }

    /** {@code true} or {@code false}. */
    public static Setting<Boolean> flag(String name, boolean defaultValue, String documentation) {
        return new Setting<>(name, Type.BOOLEAN, Boolean.toString(defaultValue), documentation, SettingParsers.flag());
    }

    /** A whole number of 32 bits in a range. */
    public static Setting<Integer> integer(String name, int defaultValue, int least, int most, String documentation) {
        return new Setting<>(
                name, Type.INT, Integer.toString(defaultValue), documentation, SettingParsers.integer(least, most));
    }

    /** A whole number of 64 bits in a range. */
    public static Setting<Long> number(String name, long defaultValue, long least, long most, String documentation) {
        return new Setting<>(
                name, Type.LONG, Long.toString(defaultValue), documentation, SettingParsers.number(least, most));
    }

    /** A duration in milliseconds, zero or more. */
    public static Setting<Duration> millis(String name, Duration defaultValue, String documentation) {
        return new Setting<>(
                name, Type.LONG, Long.toString(defaultValue.toMillis()), documentation, SettingParsers.millis());
    }

    /** Texts with commas between them. */
    public static Setting<List<String>> list(String name, String defaultText, String documentation) {
        return new Setting<>(name, Type.LIST, defaultText, documentation, SettingParsers.list());
    }

    /** The name in the configuration file. */
    public String name() {
        return name;
    }

    /** The kind of value. */
    public Type type() {
        return type;
    }

    /** The default as one would write it, null for none. */
    public @Nullable String defaultText() {
        return defaultText;
    }

    /** What the operator reads. */
    public String documentation() {
        return documentation;
    }

    /** All names under which the broker's configuration may give the value, the strongest first. */
    public Stream<String> brokerNames() {
        return Stream.of(name);
    }

    /**
     * Turns text into a value.
     *
     * @throws IllegalArgumentException with what is expected
     */
    public T parse(String text) {
        return parser.apply(text.strip());
    }

    /** The default as a value. */
    public T defaultValue() {
        return parse(defaultText == null ? "" : defaultText);
    }

    @Override
    public String toString() {
        return name;
    }
}
