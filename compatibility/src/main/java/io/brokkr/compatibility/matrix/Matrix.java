package io.brokkr.compatibility.matrix;

import io.brokkr.compatibility.ApacheKafka;
import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokerProgram;
import io.brokkr.compatibility.BrokkrDistribution;
import io.brokkr.compatibility.CheckFailedException;
import io.brokkr.compatibility.Command;
import io.brokkr.compatibility.matrix.ClientFamily.Variant;
import io.brokkr.compatibility.matrix.TestProcess.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs the matrix: {@code Matrix <project folder> [options]}. Ends with 0 if no cell fails but those that failed in the last recorded run against the same broker; a
 * whole run records itself.
 */
public final class Matrix {

    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(15);

    /** Installations mostly wait, for the network or for each other. */
    private static final int INSTALL_LANES = 3;

    /** Clients share no topic and no group, so a few run side by side. */
    private static final int TEST_LANES = 5;

    /** What runs on the broker after it was stopped and started anew. */
    private static final String AFTER_RESTART = "after-restart";

    private final Path project;
    private final Path module;
    private final Path work;
    private final Options options;
    private final Installer installer;
    private final TestProcess process;
    private final ProduceV2Proof proof;
    private final ExecutorService installLanes = Executors.newFixedThreadPool(INSTALL_LANES);
    private final ExecutorService testLanes = Executors.newFixedThreadPool(TEST_LANES);
    private final List<Cell> cells = Collections.synchronizedList(new ArrayList<>());

    /** A family in one variant. */
    private record Runner(ClientFamily family, Variant variant, String version) {
        String name() {
            return family.name() + " " + variant.name();
        }
    }

    private Matrix(Path project, Options options) throws IOException {
        this.project = project;
        this.module = project.resolve("compatibility");
        this.work = Files.createDirectories(module.resolve("target/matrix"));
        this.options = options;
        Path logs = Files.createDirectories(work.resolve("logs"));
        this.installer = new Installer(options.quick(), INSTALL_LIMIT, logs);
        this.process = new TestProcess(module, logs);
        this.proof = new ProduceV2Proof(
                this::brokkr, new TestProcess(module, Files.createDirectories(logs.resolve("proof"))), work);
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> all = List.of(arguments);
        Path project = Path.of(all.get(0)).toAbsolutePath().normalize();
        try {
            System.exit(new Matrix(project, Options.parse(all.subList(1, all.size()))).run());
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
        }
    }

    private int run() throws IOException, InterruptedException {
        List<ClientFamily> families = wanted();
        try {
            String bootstrapServer = options.bootstrapServer();
            if (bootstrapServer == null) {
                String apacheKafka = options.apacheKafka();
                onOwnBroker(families, apacheKafka == null ? brokkr(Map.of()) : apacheKafka(apacheKafka));
            } else {
                installAndRun(families, bootstrapServer);
            }
        } finally {
            installLanes.shutdownNow();
            testLanes.shutdownNow();
        }
        MatrixDocument document = new MatrixDocument(project.resolve("docs"), options.apacheKafka());
        List<Cell> turned = document.turnedToFail(cells);
        if (options.whole()) {
            document.write(cells);
        }
        long failed = count(Verdict.FAIL);
        System.out.printf(
                "%d passed, %d failed, %d not supported by the client%n",
                count(Verdict.PASS), failed, count(Verdict.UNSUPPORTED));
        turned.forEach(cell -> System.out.println("turned to fail: " + cell.client() + " " + cell.test()));
        return turned.isEmpty() && !cells.isEmpty() ? 0 : 1;
    }

    private long count(Verdict verdict) {
        return cells.stream().filter(cell -> cell.verdict() == verdict).count();
    }

    private List<ClientFamily> wanted() throws IOException {
        List<ClientFamily> families = ClientFamily.all(module.resolve("clients"), module.resolve("target/clients"));
        List<String> unknown = new ArrayList<>(options.clients());
        families.forEach(family -> unknown.remove(family.folderName()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no such clients: " + String.join(", ", unknown));
        }
        return families.stream()
                .filter(family ->
                        options.clients().isEmpty() || options.clients().contains(family.folderName()))
                .map(family -> options.quick() ? family.quick() : family)
                .filter(family -> !family.variants().isEmpty())
                .toList();
    }

    private BrokkrDistribution brokkr(Map<String, String> settings) {
        return new BrokkrDistribution("Brokkr", project.resolve("distribution/target/brokkr"), settings);
    }

    private ApacheKafka apacheKafka(String version) throws IOException, InterruptedException {
        String name = "kafka-" + version;
        List<String> resolve = List.of(
                module.resolve("clients/resolve").toString(), "kafka-tools", name, "-Dkafka.version=" + version);
        new Command(resolve, INSTALL_LIMIT, work.resolve("logs/" + name + ".install.log")).run();
        return new ApacheKafka(
                module.resolve("target/clients").resolve(name),
                module.resolve("clients/kafka-tools/log4j2.properties"));
    }

    private void onOwnBroker(List<ClientFamily> families, BrokerProgram broker)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(work, "broker");
        broker.prepare(folder);
        int port = BrokerProcess.freePort();
        List<Runner> runners;
        try (BrokerProcess running = BrokerProcess.start(broker, folder, port)) {
            running.awaitReady(READY_LIMIT);
            runners = installAndRun(families, running.bootstrapServer());
            running.stop();
        }
        try (BrokerProcess running = BrokerProcess.start(broker, folder, port)) {
            running.awaitReady(READY_LIMIT);
            runTests(runners, running.bootstrapServer(), true).join();
            running.stop();
        }
    }

    /** Clients are tested as soon as they are installed, while others are being installed. Returns those that were. */
    private List<Runner> installAndRun(List<ClientFamily> families, String bootstrapServer) {
        List<Runner> installed = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture.allOf(families.stream()
                        .map(family -> CompletableFuture.supplyAsync(() -> install(family), installLanes)
                                .thenCompose(runners -> {
                                    installed.addAll(runners);
                                    return runTests(runners, bootstrapServer, false);
                                }))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        return installed;
    }

    /** Returns the family's runners; none, but failed cells, if it cannot be installed. */
    private List<Runner> install(ClientFamily family) {
        long start = System.nanoTime();
        try {
            String version = installer.install(family);
            System.out.printf("installed %s in %.0f s%n", family.name(), (System.nanoTime() - start) / 1e9);
            return family.variants().stream()
                    .map(variant -> new Runner(family, variant, version))
                    .toList();
        } catch (CheckFailedException | IOException | InterruptedException unable) {
            for (Variant variant : family.variants()) {
                Runner runner = new Runner(family, variant, "not installed");
                family.tests()
                        .forEach(test -> add(
                                runner, test, new Outcome(Verdict.FAIL, "not installed: " + unable.getMessage(), 0)));
            }
            return List.of();
        }
    }

    private CompletableFuture<Void> runTests(List<Runner> runners, String bootstrapServer, boolean restarted) {
        return CompletableFuture.allOf(runners.stream()
                .map(runner ->
                        CompletableFuture.runAsync(() -> runTests(runner, bootstrapServer, restarted), testLanes))
                .toArray(CompletableFuture<?>[]::new));
    }

    private void runTests(Runner runner, String bootstrapServer, boolean restarted) {
        for (String test : runner.family().tests()) {
            if (options.wants(test) && test.equals(AFTER_RESTART) == restarted) {
                Outcome outcome;
                try {
                    outcome = process.run(runner.name(), runner.variant().command(), test, bootstrapServer);
                    if (options.ownBroker() && test.equals(ProduceV2Proof.TEST) && outcome.verdict() == Verdict.PASS) {
                        outcome = proof.judge(runner.name(), runner.variant().command(), outcome);
                    }
                } catch (IOException | InterruptedException unable) {
                    outcome = new Outcome(Verdict.FAIL, "could not be run: " + unable, 0);
                }
                add(runner, test, outcome);
            }
        }
    }

    private void add(Runner runner, String test, Outcome outcome) {
        Cell cell = new Cell(
                runner.name(), runner.version(), test, outcome.verdict(), outcome.words(), outcome.milliseconds());
        cells.add(cell);
        System.out.printf(
                "%s %s %s, %.1f s%s%n",
                cell.verdict().mark(),
                cell.client(),
                test,
                cell.milliseconds() / 1000.0,
                cell.words().isEmpty() ? "" : ": " + cell.words());
    }
}
