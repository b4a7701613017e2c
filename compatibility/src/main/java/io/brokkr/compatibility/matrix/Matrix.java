package io.brokkr.compatibility.matrix;

import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokkrDistribution;
import io.brokkr.compatibility.Command;
import io.brokkr.compatibility.Lanes;
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

/**
 * Runs the matrix: {@code Matrix <project folder> [options]}. Ends with 0 if no cell fails but those that failed in the last recorded run; a whole run records itself.
 */
public final class Matrix {

    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(15);

    /** Clients share no topic and no group, so a few run side by side. */
    private static final int LANES = 5;

    /** What runs on the broker after it was stopped and started anew. */
    private static final String AFTER_RESTART = "after-restart";

    private final Path project;
    private final Path module;
    private final Path work;
    private final Options options;
    private final TestProcess process;
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
        this.process = new TestProcess(module, Files.createDirectories(work.resolve("logs")));
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> all = List.of(arguments);
        Path project = Path.of(all.get(0)).toAbsolutePath().normalize();
        Options options;
        try {
            options = Options.parse(all.subList(1, all.size()));
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        System.exit(new Matrix(project, options).run());
    }

    private int run() throws IOException, InterruptedException {
        List<Runner> runners = install();
        String bootstrapServer = options.bootstrapServer();
        if (bootstrapServer == null) {
            onOwnBroker(runners);
        } else {
            runStage(runners, bootstrapServer, false);
        }
        MatrixDocument document = new MatrixDocument(project.resolve("docs"));
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

    private List<Runner> install() throws IOException, InterruptedException {
        List<Runner> runners = new ArrayList<>();
        for (ClientFamily family : ClientFamily.all(module.resolve("clients"), module.resolve("target/clients"))) {
            String folder = family.folder().getFileName().toString();
            ClientFamily wanted = options.quick() ? family.quick() : family;
            boolean named = options.clients().isEmpty() || options.clients().contains(folder);
            if (named && !wanted.variants().isEmpty()) {
                System.out.println("installing " + family.name());
                List<String> install = new ArrayList<>(
                        List.of(family.folder().resolve("install").toString()));
                if (options.quick()) {
                    install.add("--quick");
                }
                String version = new Command(install, INSTALL_LIMIT, work.resolve("logs/" + folder + ".install.log"))
                        .run()
                        .lines()
                        .reduce("", (earlier, last) -> last);
                wanted.variants().forEach(variant -> runners.add(new Runner(wanted, variant, version)));
            }
        }
        return runners;
    }

    private void onOwnBroker(List<Runner> runners) throws IOException, InterruptedException {
        BrokkrDistribution broker =
                new BrokkrDistribution("Brokkr", project.resolve("distribution/target/brokkr"), Map.of());
        Path folder = Files.createTempDirectory(work, "broker");
        int port = BrokerProcess.freePort();
        for (boolean restarted : new boolean[] {false, true}) {
            try (BrokerProcess running = BrokerProcess.start(broker, folder, port)) {
                running.awaitReady(READY_LIMIT);
                runStage(runners, running.bootstrapServer(), restarted);
                running.stop();
            }
        }
    }

    private void runStage(List<Runner> runners, String bootstrapServer, boolean restarted) throws InterruptedException {
        Lanes.run(LANES, runners, runner -> runTests(runner, bootstrapServer, restarted));
    }

    private void runTests(Runner runner, String bootstrapServer, boolean restarted) {
        for (String test : runner.family().tests()) {
            if (test.equals(AFTER_RESTART) == restarted) {
                Outcome outcome;
                try {
                    outcome = process.run(runner.name(), runner.variant().command(), test, bootstrapServer);
                } catch (IOException | InterruptedException unable) {
                    outcome = new Outcome(Verdict.FAIL, "could not be run: " + unable);
                }
                Cell cell = new Cell(runner.name(), runner.version(), test, outcome.verdict(), outcome.words());
                cells.add(cell);
                System.out.println(cell.verdict().mark() + " " + cell.client() + " " + test
                        + (cell.words().isEmpty() ? "" : ": " + cell.words()));
            }
        }
    }
}
