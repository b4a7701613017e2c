package io.brokkr.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a run measures, from the command line.
 *
 * @param rounds how often each measurement is taken of each broker
 * @param gigabytes how much a load produces or fetches in a round, in 10^9 bytes of record values
 * @param coldGigabytes how much the throughput measure produces and fetches before that
 * @param warmUpGigabytes how much the other loads produce and fetch before they are measured: it takes Apache Kafka about three until its
 *     cost does not fall any more
 * @param syncedKafkaShare of each load that Apache Kafka is given where it syncs, for it would take hours to do all of it
 * @param records how many go into batches of their own
 * @param rate records per second where a rate is fixed
 * @param latencySeconds over which latencies are taken at that rate
 * @param partitions how many exist when a broker starts with data
 * @param manyPartitions how many exist when it starts with much
 * @param startGigabytes how much data they have then, where that is said
 * @param growth rising numbers of partitions
 * @param kafkaPartitions the most that Apache Kafka is given: 10,000 take it minutes
 * @param idlePartitions how many nobody uses
 * @param connections rising numbers of consumers that are connected
 * @param members of a group
 * @param idleSeconds over which CPU is measured when nothing is to do
 * @param measures the names of the workloads to run; empty for all
 */
record Options(
        int rounds,
        double gigabytes,
        double coldGigabytes,
        double warmUpGigabytes,
        double syncedKafkaShare,
        long records,
        long rate,
        int latencySeconds,
        int partitions,
        int manyPartitions,
        double startGigabytes,
        List<Integer> growth,
        int kafkaPartitions,
        int idlePartitions,
        List<Integer> connections,
        int members,
        int idleSeconds,
        List<String> measures) {
    private static final String SCALE = "--scale";
    private static final Map<String, String> FULL = Map.ofEntries(
            Map.entry("--rounds", "3"),
            Map.entry("--gigabytes", "2"),
            Map.entry("--cold-gigabytes", "3"),
            Map.entry("--warm-up-gigabytes", "1"),
            Map.entry("--synced-kafka-share", "0.05"),
            Map.entry("--records", "500000"),
            Map.entry("--rate", "2000"),
            Map.entry("--latency-seconds", "30"),
            Map.entry("--partitions", "1000"),
            Map.entry("--many-partitions", "10000"),
            Map.entry("--start-gigabytes", "5"),
            Map.entry("--growth", "100,1000,10000,100000"),
            Map.entry("--kafka-partitions", "10000"),
            Map.entry("--idle-partitions", "100000"),
            Map.entry("--connections", "1,10,100,500"),
            Map.entry("--members", "50"),
            Map.entry("--idle-seconds", "30"),
            Map.entry("--measures", ""));

    /** What differs when all of it is to take minutes. */
    private static final Map<String, String> QUICK = Map.ofEntries(
            Map.entry("--rounds", "1"),
            Map.entry("--gigabytes", "0.1"),
            Map.entry("--cold-gigabytes", "0.1"),
            Map.entry("--warm-up-gigabytes", "0.05"),
            Map.entry("--synced-kafka-share", "0.2"),
            Map.entry("--records", "20000"),
            Map.entry("--latency-seconds", "5"),
            Map.entry("--start-gigabytes", "0.2"),
            Map.entry("--growth", "100,1000,10000"),
            Map.entry("--kafka-partitions", "1000"),
            Map.entry("--idle-partitions", "10000"),
            Map.entry("--connections", "1,100"),
            Map.entry("--members", "10"),
            Map.entry("--idle-seconds", "5"));

    /** What differs when each figure for which there is a goal is to be taken in about an hour, and nothing else. */
    private static final Map<String, String> GOALS = Map.ofEntries(
            Map.entry("--records", "200000"),
            Map.entry("--latency-seconds", "15"),
            Map.entry("--idle-seconds", "10"),
            Map.entry("--growth", "10000"),
            Map.entry("--kafka-partitions", "1000"),
            Map.entry(
                    "--measures",
                    "produce-1k,produce-single,partitions-1000,catch-up,latency,partitions,restart,idle-partitions"));

    private static final Map<String, Map<String, String>> SCALES =
            Map.of("full", Map.of(), "quick", QUICK, "goals", GOALS);

    /** {@code --name value}, for each of the names above; {@code --scale quick} and {@code --scale goals} replace some of the defaults. */
    static Options parse(String... arguments) {
        Map<String, String> given = pairs(arguments);
        Map<String, String> scale = SCALES.get(given.getOrDefault(SCALE, "full"));
        if (scale == null) {
            throw new IllegalArgumentException(SCALE + " is full, quick or goals");
        }
        Map<String, String> values = new HashMap<>(FULL);
        values.putAll(scale);
        given.remove(SCALE);
        if (!values.keySet().containsAll(given.keySet())) {
            given.keySet().removeAll(values.keySet());
            throw new IllegalArgumentException("unknown options: " + given.keySet());
        }
        values.putAll(given);
        return of(values);
    }

    private static Map<String, String> pairs(String... arguments) {
        Map<String, String> given = new HashMap<>();
        for (int index = 0; index < arguments.length; index += 2) {
            if (index + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[index] + " wants a value");
            }
            given.put(arguments[index], arguments[index + 1]);
        }
        return given;
    }

    private static Options of(Map<String, String> values) {
        return new Options(
                Integer.parseInt(values.get("--rounds")),
                Double.parseDouble(values.get("--gigabytes")),
                Double.parseDouble(values.get("--cold-gigabytes")),
                Double.parseDouble(values.get("--warm-up-gigabytes")),
                Double.parseDouble(values.get("--synced-kafka-share")),
                Long.parseLong(values.get("--records")),
                Long.parseLong(values.get("--rate")),
                Integer.parseInt(values.get("--latency-seconds")),
                Integer.parseInt(values.get("--partitions")),
                Integer.parseInt(values.get("--many-partitions")),
                Double.parseDouble(values.get("--start-gigabytes")),
                numbers(values.get("--growth")),
                Integer.parseInt(values.get("--kafka-partitions")),
                Integer.parseInt(values.get("--idle-partitions")),
                numbers(values.get("--connections")),
                Integer.parseInt(values.get("--members")),
                Integer.parseInt(values.get("--idle-seconds")),
                list(values.get("--measures")).toList());
    }

    private static List<Integer> numbers(String value) {
        return list(value).map(Integer::valueOf).toList();
    }

    private static Stream<String> list(String value) {
        return Stream.of(value.split(",", -1)).filter(part -> !part.isEmpty());
    }

    /** Whether a contender is given so many partitions. */
    boolean suits(Contender contender, int count) {
        return !contender.isKafka() || count <= kafkaPartitions;
    }

    /** As much of a load as a contender is given. */
    ProducerLoad loadFor(Contender contender, ProducerLoad load) {
        return contender.isKafka() && contender.durability() == Durability.SYNCED ? load.share(syncedKafkaShare) : load;
    }

    /** Those of these workloads that are to be run. */
    List<Workload> chosen(List<Workload> all) {
        List<String> names = all.stream().map(Workload::name).toList();
        if (!names.containsAll(measures)) {
            throw new IllegalArgumentException("the measures are " + String.join(",", names));
        }
        return all.stream()
                .filter(workload -> measures.isEmpty() || measures.contains(workload.name()))
                .toList();
    }

    /** With a comma between thousands. */
    static String grouped(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
