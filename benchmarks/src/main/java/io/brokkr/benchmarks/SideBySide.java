package io.brokkr.benchmarks;

import io.brokkr.compatibility.ApacheKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs Apache Kafka and Brokkr in turn, round after round, on the same disk, and prints a Markdown table for each workload: {@code
 * SideBySide <project folder> [options]}, see {@link Options}. What was measured at several numbers is drawn, too, in {@code benchmarks/target/plots}.
 *
 * <p>Each measurement starts a broker of its own, whose processes are ended before the next one's begin. What fails is named below its table,
 * the rest is measured all the same, and the exit code is 1.
 */
public final class SideBySide {
    private final Options options;
    private final List<Workload> workloads;
    private final List<Contender> contenders = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final GrowthPlots plots;
    private int stepsBegun;

    /** Set by another thread, when this JVM is to end: the broker of a next step would outlive it. */
    private volatile boolean abandoned;

    private SideBySide(Path project, Options options, Bench bench) throws Exception {
        this.options = options;
        this.plots = new GrowthPlots(project.resolve("benchmarks/target/plots"));
        this.workloads = options.chosen(new Workloads(bench, options).all());
        for (Durability durability : Durability.values()) {
            contenders.add(Contender.kafka(bench.tools(), durability));
            contenders.add(Contender.brokkr(project.resolve("distribution/target/brokkr"), durability));
        }
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Path project = Path.of(arguments[0]).toAbsolutePath().normalize();
        Options options =
                Options.parse(List.of(arguments).subList(1, arguments.length).toArray(String[]::new));
        Path clients = project.resolve("compatibility");
        Bench bench = new Bench(
                Files.createTempDirectory("brokkr-side-by-side"),
                new ApacheKafka(
                        clients.resolve("target/clients/kafka-tools"),
                        clients.resolve("clients/kafka-tools/log4j2.properties")),
                clients.resolve("target/clients/rdkafka-performance/rdkafka_performance"));
        SideBySide sideBySide = new SideBySide(project, options, bench);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> sideBySide.abandon(bench), "abandon-bench"));
        System.exit(sideBySide.run() ? 1 : 0);
    }

    private void abandon(Bench bench) {
        abandoned = true;
        bench.abandon();
    }

    /** Returns whether something failed. */
    private boolean run() throws Exception {
        MachineMeter machine = new MachineMeter();
        System.out.println("Medians of " + options.rounds()
                + " rounds (least–most), brokers in turn, each on an empty folder of the same disk.\n");
        for (Workload workload : workloads) {
            run(workload);
        }
        System.out.println("In all: " + machine.describe() + ".");
        return !failures.isEmpty();
    }

    private void run(Workload workload) throws Exception {
        MachineMeter machine = new MachineMeter();
        Figures figures = new Figures(Contender.KAFKA, Contender.BROKKR);
        int failedBefore = failures.size();
        try (workload) {
            for (int round = 1; round <= options.rounds(); round++) {
                for (Contender contender : contenders(workload)) {
                    measure(workload, round, contender, figures);
                }
            }
            workload.conclude(figures);
        }
        System.out.println("### " + workload.name() + "\n\n" + workload.description() + "\n\n" + figures.table());
        failures.subList(failedBefore, failures.size())
                .forEach(failure -> System.out.println("Failed: " + failure + "\n"));
        System.out.println(machine.describe() + ".\n");
        plots.draw(figures);
    }

    private List<Contender> contenders(Workload workload) {
        return contenders.stream()
                .filter(contender -> workload.durabilities().contains(contender.durability()))
                .filter(workload::takes)
                .toList();
    }

    private void measure(Workload workload, int round, Contender contender, Figures figures)
            throws InterruptedException {
        if (abandoned) {
            return;
        }
        stepsBegun++;
        System.err.printf(
                Locale.ROOT,
                "%d/%d %s: round %d of %d, %s%n",
                stepsBegun,
                options.rounds()
                        * workloads.stream()
                                .mapToInt(one -> contenders(one).size())
                                .sum(),
                workload.name(),
                round,
                options.rounds(),
                contender);
        try {
            workload.measure(contender, figures);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            String failure = workload.name() + ", " + contender + ", round " + round + ": " + e;
            System.err.println(failure);
            failures.add(failure);
        }
    }
}
