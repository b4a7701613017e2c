package io.brokkr.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run measures, from the command line.
 *
 * @param rounds how often each measurement is taken of each broker
 * @param gigabytes how much is produced and fetched in a round by a warm broker, in 10^9 bytes of record values
 * @param coldGigabytes how much is produced and fetched before that, which shows what a fresh JVM costs and warms it up: it takes Apache Kafka
 *     about three until its cost does not fall any more
 * @param partitions how many exist when a broker of either kind starts with data
 * @param manyPartitions how many exist when Brokkr starts with much
 * @param idleSeconds over which an idle broker's CPU is measured, after {@link #SETTLE_SECONDS}
 * @param measures of {@link #ALL_MEASURES}, those to take
 */
record Options(
        int rounds,
        double gigabytes,
        double coldGigabytes,
        int partitions,
        int manyPartitions,
        int idleSeconds,
        List<String> measures) {
    static final int SETTLE_SECONDS = 20;
    static final List<String> ALL_MEASURES = List.of("start", "idle", "throughput");

    /**
     * {@code --rounds N --gigabytes G --cold-gigabytes G --partitions N --many-partitions N --idle-seconds N --measures a,b}; all may be left
     * out.
     */
    static Options parse(String... arguments) {
        Map<String, String> given = new HashMap<>();
        for (int index = 0; index < arguments.length; index += 2) {
            if (index + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[index] + " wants a value");
            }
            given.put(arguments[index], arguments[index + 1]);
        }
        Options options = new Options(
                Integer.parseInt(take(given, "--rounds", "3")),
                Double.parseDouble(take(given, "--gigabytes", "2")),
                Double.parseDouble(take(given, "--cold-gigabytes", "3")),
                Integer.parseInt(take(given, "--partitions", "1000")),
                Integer.parseInt(take(given, "--many-partitions", "10000")),
                Integer.parseInt(take(given, "--idle-seconds", "30")),
                List.of(take(given, "--measures", String.join(",", ALL_MEASURES))
                        .split(",", -1)));
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("unknown options: " + given.keySet());
        }
        if (!ALL_MEASURES.containsAll(options.measures)) {
            throw new IllegalArgumentException("the measures are " + ALL_MEASURES);
        }
        return options;
    }

    private static String take(Map<String, String> given, String key, String otherwise) {
        String value = given.remove(key);
        return value == null ? otherwise : value;
    }
}
