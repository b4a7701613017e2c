package io.brokkr.plugin.faultinjector;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Apis;
import io.brokkr.protocol.ErrorCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which requests are struck, and by what. Immutable.
 *
 * @param text the rule as it was written
 * @param api the name of an API, or {@link #ALL}
 * @param topic the name of a topic, or {@link #ALL}
 * @param delay how long the response is held back; null if it is not
 * @param error what the request fails with; null if it does not, and the connection is dropped if there is no delay either
 * @param handled whether the request is carried out before it fails
 * @param client what its client calls itself; null for all
 * @param after how many requests are spared first
 * @param probability of each of the others, above 0 and up to 1
 * @param times how many are struck at most
 */
record FaultRule(
        String text,
        String api,
        String topic,
        @Nullable Duration delay,
        @Nullable ErrorCode error,
        boolean handled,
        @Nullable String client,
        long after,
        double probability,
        long times) {

    static final String ALL = "*";

    private static final Set<String> FAULTS = Set.of("delay", "error", "drop");
    private static final Set<String> OPTIONS = Set.of("handled", "client", "after", "probability", "times");

    /** What is written without a value. */
    private static final Set<String> FLAGS = Set.of("drop", "handled");

    private static final Map<String, Function<Long, Duration>> UNITS =
            Map.of("ms", Duration::ofMillis, "s", Duration::ofSeconds, "m", Duration::ofMinutes);

    /**
     * Several rules with semicolons between them.
     *
     * @throws IllegalArgumentException as {@link #parse}, in the words that a setting's mistakes are told in
     */
    static List<FaultRule> parseAll(String text) {
        try {
            return Arrays.stream(text.split(";"))
                    .map(String::strip)
                    .filter(rule -> !rule.isEmpty())
                    .map(FaultRule::parse)
                    .toList();
        } catch (IllegalArgumentException mistake) {
            throw new IllegalArgumentException(
                    "rules such as Produce:orders:delay=200ms;Fetch:*:drop:times=3; " + mistake.getMessage(), mistake);
        }
    }

    /**
     * One rule.
     *
     * @throws IllegalArgumentException with the rule and what is wrong in it, in one line
     */
    static FaultRule parse(String text) {
        try {
            return parse(
                    text, Arrays.stream(text.split(":", -1)).map(String::strip).toList());
        } catch (IllegalArgumentException mistake) {
            throw new IllegalArgumentException("in «" + text + "» " + mistake.getMessage(), mistake);
        }
    }

    private static FaultRule parse(String text, List<String> parts) {
        require(parts.size() >= 3, "there are less than the three parts API:TOPIC:FAULT");
        checkNames(parts.get(0), parts.get(1));
        String fault = key(parts.get(2));
        require(FAULTS.contains(fault), "«" + parts.get(2) + "» is none of delay=200ms, error=NAME and drop");
        Map<String, String> values = values(parts.subList(2, parts.size()));
        Duration delay = value(values, "delay", FaultRule::duration, null);
        boolean handled = values.containsKey("handled");
        require(delay == null || !handled, "«handled» goes without saying, since a delay is one of the response");
        return new FaultRule(
                text,
                parts.get(0),
                parts.get(1),
                delay,
                value(values, "error", FaultRule::errorCode, null),
                handled,
                values.get("client"),
                Objects.requireNonNull(value(values, "after", after -> number(after, 0), 0L)),
                Objects.requireNonNull(value(values, "probability", FaultRule::probability, 1.0)),
                Objects.requireNonNull(value(values, "times", times -> number(times, 1), Long.MAX_VALUE)));
    }

    private static void checkNames(String api, String topic) {
        require(
                api.equals(ALL)
                        || IntStream.rangeClosed(0, Apis.highestKey())
                                .mapToObj(Apis::forKey)
                                .anyMatch(known -> known != null && known.name().equals(api)),
                "there is no API «" + api + "»");
        require(!topic.isEmpty(), "the topic is missing; " + ALL + " is for all");
        require(
                api.equals(ALL) || topic.equals(ALL) || RequestTopics.areNamedBy(api),
                "requests of " + api + " name no topics, so that it has to be " + api + ":" + ALL);
    }

    /** The values of the parts behind the topic, by what stands in front of the equals sign. */
    private static Map<String, String> values(List<String> parts) {
        Map<String, String> values = new HashMap<>();
        for (String part : parts) {
            String key = key(part);
            boolean isFault = part.equals(parts.get(0));
            require(
                    isFault || OPTIONS.contains(key),
                    "«" + part + "» is none of " + String.join(", ", sorted(OPTIONS)));
            boolean isFlag = FLAGS.contains(key);
            require(part.equals(key) == isFlag, "«" + part + "» has to be " + key + (isFlag ? "" : "=VALUE"));
            require(
                    values.put(key, part.substring(Math.min(part.length(), key.length() + 1))) == null,
                    key + " stands twice");
        }
        return values;
    }

    private static List<String> sorted(Set<String> words) {
        return words.stream().sorted().toList();
    }

    private static String key(String part) {
        int equals = part.indexOf('=');
        return equals < 0 ? part : part.substring(0, equals);
    }

    private static <T> @Nullable T value(
            Map<String, String> values, String key, Function<String, T> parser, @Nullable T absent) {
        String text = values.get(key);
        return text == null ? absent : parser.apply(text);
    }

    private static Duration duration(String text) {
        String unit = text.replaceFirst("^[0-9]+", "");
        Function<Long, Duration> units = UNITS.get(unit);
        require(units != null && unit.length() < text.length(), "«delay=" + text + "» has to be like 200ms, 2s or 1m");
        return Objects.requireNonNull(units).apply(number(text.substring(0, text.length() - unit.length()), 0));
    }

    private static ErrorCode errorCode(String name) {
        return Arrays.stream(ErrorCode.values())
                .filter(error -> error != ErrorCode.NONE && error.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("«error=" + name + "» is none of the protocol's errors"));
    }

    private static double probability(String text) {
        try {
            double value = Double.parseDouble(text);
            if (value > 0 && value <= 1) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Falls through to the one sentence that tells both mistakes.
        }
        throw new IllegalArgumentException("«probability=" + text + "» has to be above 0, and 1 at most");
    }

    private static long number(String text, long least) {
        try {
            long value = Long.parseLong(text);
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Falls through to the one sentence that tells both mistakes.
        }
        throw new IllegalArgumentException("«" + text + "» has to be a whole number from " + least + " on");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Whether requests of an API may be struck. */
    boolean isForApi(Api<?> other) {
        return api.equals(ALL) || api.equals(other.name());
    }

    /** Whether only requests that name a topic may be struck. */
    boolean isForTopic() {
        return !topic.equals(ALL);
    }

    boolean isForClient(@Nullable String id) {
        return client == null || client.equals(id);
    }
}
