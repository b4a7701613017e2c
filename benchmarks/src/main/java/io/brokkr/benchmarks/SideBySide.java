package io.brokkr.benchmarks;

import io.brokkr.compatibility.ApacheKafka;
import io.brokkr.compatibility.BrokerProgram;
import io.brokkr.compatibility.BrokkrDistribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs Apache Kafka and Brokkr in turn, round after round, on the same disk, and prints a Markdown table of medians and ratios: {@code
 * SideBySide <project folder> [options]}, see {@link Options}.
 *
 * <p>Each measurement starts a broker of its own, whose processes are ended before the next one's begin. A first round of starts goes
 * uncounted, for it warms the client in this process and the disk's cache up.
 */
public final class SideBySide {
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
            ThroughputMeasure throughput = new ThroughputMeasure(bench, kafka, options);
            inTurn("throughput", List.of(kafka, written, synced), broker -> throughput.measure(broker, figures));
        }
    }

    private void measureStarts() throws Exception {
        StartMeasure start = new StartMeasure(bench);
        for (BrokerProgram broker : List.of(kafka, synced)) {
            start.whenEmpty(broker);
        }
        inTurn("start, empty", List.of(kafka, synced), broker -> start.whenEmpty(broker)
                .addTo(figures, "empty", broker.name()));
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
        String folder = partitions + " partitions";
        inTurn("start, " + folder, brokers, broker -> start.on(broker, folders.get(brokers.indexOf(broker)))
                .addTo(figures, folder, broker.name()));
        for (Path used : folders) {
            bench.delete(used);
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
        return String.format(
                Locale.ROOT,
                "Medians of %d rounds (least–most), brokers in turn, each on an empty folder of the same disk. Produce and fetch: %d-byte records"
                        + " in %d partitions by Kafka's performance tools with acks=all and batch.size=%d, else their defaults; cold is the"
                        + " first %s GB that a fresh process serves, warm the %s GB after that. Idle: %d s after the start, CPU over %d s.",
                options.rounds(),
                ThroughputMeasure.RECORD_BYTES,
                ThroughputMeasure.PARTITIONS,
                ThroughputMeasure.BATCH_BYTES,
                options.coldGigabytes(),
                options.gigabytes(),
                Options.SETTLE_SECONDS,
                options.idleSeconds());
    }

    /** Takes one broker's figures. */
    @FunctionalInterface
    private interface Measurement {
        void of(BrokerProgram broker) throws Exception;
    }
}
