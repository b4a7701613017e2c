package io.brokkr.benchmarks;

import io.brokkr.compatibility.ApacheKafka;
import io.brokkr.compatibility.BrokerProgram;
import io.brokkr.compatibility.BrokkrDistribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs Apache Kafka and Brokkr in turn, round after round, on the same disk, and prints a Markdown table of medians and ratios: {@code
 * SideBySide <project folder> [options]}, see {@link Options}.
 *
 * <p>Each measurement starts a broker of its own, whose processes are ended before the next one's begin. A first round of starts goes
 * uncounted, for it warms the client in this process and the disk's cache up.
 */
public final class SideBySide {
    private static final String MANY = " partitions, s";

    private final Options options;
    private final Bench bench;
    private final ApacheKafka kafka;
    private final BrokkrDistribution written;
    private final BrokkrDistribution synced;
    private final Figures figures;

    private SideBySide(Path project, Options options, Bench bench) {
        this.options = options;
        this.bench = bench;
        Path clients = project.resolve("compatibility");
        kafka = new ApacheKafka(
                clients.resolve("target/clients/kafka-tools"),
                clients.resolve("clients/kafka-tools/log4j2.properties"));
        Path distribution = project.resolve("distribution/target/brokkr");
        written =
                new BrokkrDistribution("Brokkr, durability=written", distribution, Map.of("log.durability", "written"));
        synced = new BrokkrDistribution("Brokkr, default (synced)", distribution, Map.of());
        figures = new Figures(List.of(kafka.name(), written.name(), synced.name()));
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Path project = Path.of(arguments[0]).toAbsolutePath().normalize();
        Options options =
                Options.parse(List.of(arguments).subList(1, arguments.length).toArray(String[]::new));
        Bench bench = new Bench(Files.createTempDirectory("brokkr-side-by-side"));
        MachineMeter machine = new MachineMeter();
        try {
            SideBySide run = new SideBySide(project, options, bench);
            run.measure();
            System.out.println(run.figures.table());
            System.out.println(describe(options));
            System.out.println(machine.describe() + ".");
        } finally {
            bench.delete(bench.folder());
        }
    }

    private void measure() throws Exception {
        if (options.measures().contains("start")) {
            measureStarts();
        }
        if (options.measures().contains("idle")) {
            IdleMeasure idle = new IdleMeasure(bench, options.idleSeconds());
            inTurn("idle", List.of(kafka, synced), broker -> idle.measure(broker, figures));
        }
        if (options.measures().contains("throughput")) {
            ThroughputMeasure throughput = new ThroughputMeasure(bench, kafka, options.gigabytes());
            inTurn("throughput", List.of(kafka, written, synced), broker -> throughput.measure(broker, figures));
        }
    }

    private void measureStarts() throws Exception {
        StartMeasure start = new StartMeasure(bench);
        for (BrokerProgram broker : List.of(kafka, synced)) {
            start.secondsWhenEmpty(broker);
        }
        inTurn(
                "start, empty",
                List.of(kafka, synced),
                broker -> figures.add(
                        "start to first acknowledgement: empty, s", broker.name(), start.secondsWhenEmpty(broker)));
        measureStarts(start, List.of(kafka, synced), options.partitions());
        measureStarts(start, List.of(synced), options.manyPartitions());
    }

    private void measureStarts(StartMeasure start, List<BrokerProgram> brokers, int partitions) throws Exception {
        if (partitions == 0) {
            return;
        }
        List<Path> folders = new ArrayList<>();
        for (BrokerProgram broker : brokers) {
            folders.add(start.folderWith(broker, partitions));
        }
        String measure = "start to first acknowledgement: " + partitions + MANY;
        inTurn(
                measure,
                brokers,
                broker -> figures.add(
                        measure, broker.name(), start.secondsOn(broker, folders.get(brokers.indexOf(broker)))));
        for (Path folder : folders) {
            bench.delete(folder);
        }
    }

    /** A round of all brokers after the other. */
    private void inTurn(String what, List<BrokerProgram> brokers, Measurement measurement) throws Exception {
        for (int round = 1; round <= options.rounds(); round++) {
            for (BrokerProgram broker : brokers) {
                System.err.println(what + ": round " + round + " of " + options.rounds() + ", " + broker.name());
                measurement.of(broker);
            }
        }
    }

    private static String describe(Options options) {
        return "Medians of " + options.rounds()
                + " rounds (least–most), brokers in turn, each on an empty folder of the same disk. Produce and fetch: "
                + options.gigabytes() + " GB of " + ThroughputMeasure.RECORD_BYTES + "-byte records in "
                + ThroughputMeasure.PARTITIONS
                + " partitions by Kafka's performance tools, acks=all, batch.size=" + ThroughputMeasure.BATCH_BYTES
                + ", else their defaults, after half as much to warm up. Idle: " + Options.SETTLE_SECONDS
                + " s after the start, CPU over "
                + options.idleSeconds() + " s.";
    }

    /** Takes one broker's figures. */
    @FunctionalInterface
    private interface Measurement {
        void of(BrokerProgram broker) throws Exception;
    }
}
