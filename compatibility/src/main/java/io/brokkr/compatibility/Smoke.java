package io.brokkr.compatibility;

import io.brokkr.compatibility.compaction.CompactedTopic;
import io.brokkr.compatibility.compaction.CompactionRun;
import io.brokkr.compatibility.crash.CrashRounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Runs all clients against one broker and ends with 1 if any check failed: {@code Smoke <project folder> [--reference|--adoption]}. With
 * {@code --reference} the broker is Apache Kafka, which proves the checks; with {@code --adoption} only the adoption of data folders is checked.
 */
public final class Smoke {
    static final Duration READY_LIMIT = Duration.ofSeconds(60);

    private static final int KILLS = 5;

    /** Clients share no topic and no group, so a few run side by side. */
    private static final int LANES = 3;

    private final Path module;
    private final Path examples;
    private final Path work;
    private final Path logs;
    private final ApacheKafka kafka;
    private final BrokerProgram broker;
    private final Report report = new Report(System.out);

    private Smoke(Path project, boolean reference) throws IOException {
        module = project.resolve("compatibility");
        examples = project.resolve("examples/list-transactions/target");
        work = empty(module.resolve("target/smoke"));
        logs = Files.createDirectories(work.resolve("logs"));
        kafka = new ApacheKafka(
                module.resolve("target/clients/kafka-tools"), module.resolve("clients/kafka-tools/log4j2.properties"));
        broker = reference
                ? kafka
                : new BrokkrDistribution("Brokkr", project.resolve("distribution/target/brokkr"), Map.of());
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean reference = List.of(arguments).contains("--reference");
        System.exit(new Smoke(Path.of(arguments[0]).toAbsolutePath().normalize(), reference)
                .run(List.of(arguments).contains("--adoption")));
    }

    private int run(boolean adoptionOnly) throws IOException, InterruptedException {
        if (broker instanceof BrokkrDistribution brokkr) {
            Path kafka3 = module.resolve("target/clients/kafka-3.9.2");
            report.run("adopt", "apache-kafka-4", () -> AdoptionCheck.of4(kafka, brokkr, work, logs)
                    .run());
            report.run("adopt", "apache-kafka-3.9.2", () -> AdoptionCheck.of3(kafka3, kafka, brokkr, work, logs)
                    .run());
            if (adoptionOnly) {
                return report.finish();
            }
        }
        KafkaTools tools = new KafkaTools(kafka);
        Clients clients = new Clients(module);
        clientMatrix(clients.all(tools));
        crash();
        compaction();
        if (broker instanceof BrokkrDistribution brokkr) {
            fullDisk(clients);
            plugins(new PluginFolderChecks(brokkr, work, logs, tools), clients);
            recipes(brokkr, clients);
        }
        return report.finish();
    }

    private void clientMatrix(List<Client> clients) throws IOException, InterruptedException {
        Path folder = brokerFolder("matrix");
        int port = BrokerProcess.freePort();
        for (Stage stage : Stage.values()) {
            try (BrokerProcess process = BrokerProcess.start(broker, folder, port)) {
                report.run("broker", "starts-" + stage, () -> process.awaitReady(READY_LIMIT));
                Lanes.run(LANES, clients, client -> runStage(stage, client, process.bootstrapServer()));
                report.run("broker", "stops-" + stage, process::stop);
            }
        }
        DumpLog.of(kafka, folder.resolve("data"), logs).report(report, "-after-matrix");
    }

    private void runStage(Stage stage, Client client, String bootstrapServer) throws InterruptedException {
        for (Check check : client.checks()) {
            if (check.stage() == stage) {
                report.run(client, check, new Target(bootstrapServer, client.name(), stage, check.test(), logs));
            }
        }
    }

    private void crash() throws IOException, InterruptedException {
        Path folder = brokerFolder("crash");
        long seed = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        BrokerProgram program = brokerWith(CrashRounds.brokerSettings());
        report.run("kafka-clients-4.4.0", "kill-9", new CrashRounds(program, folder, seed, KILLS, System.out)::run);
        DumpLog.compacted(kafka, folder.resolve("data"), logs, CrashRounds.COMPACTED, false)
                .report(report, "-after-crash");
    }

    private void compaction() throws IOException, InterruptedException {
        Path folder = brokerFolder("compaction");
        BrokerProgram program = brokerWith(CompactedTopic.BROKER_SETTINGS);
        report.run("kafka-clients-4.4.0", "compaction", new CompactionRun(program, folder)::run);
        DumpLog.compacted(kafka, folder.resolve("data"), logs, CompactionRun.TOPIC, true)
                .report(report, "-after-compaction");
    }

    private BrokerProgram brokerWith(Map<String, String> settings) {
        return broker instanceof BrokkrDistribution brokkr
                ? new BrokkrDistribution(brokkr.name(), brokkr.folder(), settings)
                : new ApacheKafka(kafka.jars(), kafka.logging(), settings);
    }

    private void fullDisk(Clients clients) throws IOException, InterruptedException {
        FullDisk disk = new FullDisk(broker, brokerFolder("full-disk"), clients.kafkaClients("4.4.0"), logs);
        report.run("kafka-clients-4.4.0", "full-disk", disk::run);
    }

    private void plugins(PluginFolderChecks checks, Clients clients) throws InterruptedException {
        List<String> program = clients.kafkaClients("4.4.0");
        Check listTransactions = new ProgramClient(program)
                .with(Stage.FIRST, "list-transactions")
                .named("")
                .checks()
                .get(0);
        report.run("plugins", "without-groups", checks::withoutGroups);
        report.run("plugins", "with-example", () -> checks.withExample(examples, listTransactions.body()));
    }

    private void recipes(BrokkrDistribution brokkr, Clients clients) throws InterruptedException {
        Client kcat = new Client(
                "kcat",
                Kcat.client().checks().stream()
                        .filter(check -> check.test().equals("produce-and-consume"))
                        .toList());
        Client java = new ProgramClient(clients.kafkaClients("4.4.0"))
                .with(Stage.FIRST, "produce-and-consume")
                .named("kafka-clients");
        RecipeChecks recipes = new RecipeChecks(brokkr, work, logs, List.of(kcat, java), System.out);
        for (String recipe : List.of("edge", "test", "full")) {
            report.run("recipes", recipe, () -> recipes.run(recipe));
        }
    }

    private Path brokerFolder(String name) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(work.resolve(name));
        broker.prepare(folder);
        return folder;
    }

    static Path empty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return Files.createDirectories(folder);
    }
}
