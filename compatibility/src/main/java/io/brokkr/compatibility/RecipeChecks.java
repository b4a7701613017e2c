package io.brokkr.compatibility;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Has the distribution make the trimmed ones that have names, with a Java runtime each, unpacks them, and runs stock clients against them. Prints how large they are, how much memory
 * they take and how long their start is, which is for the reader to judge.
 */
final class RecipeChecks {
    private static final Duration ASSEMBLY_LIMIT = Duration.ofMinutes(5);
    private static final Duration STEP_LIMIT = Duration.ofMinutes(1);
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final double KILOBYTES_PER_MEGABYTE = 1e3;

    private final BrokkrDistribution distribution;
    private final Path scratch;
    private final Path logFolder;
    private final List<Client> clients;
    private final PrintStream out;

    /** With the clients that each of them must serve. */
    RecipeChecks(BrokkrDistribution distribution, Path scratch, Path logFolder, List<Client> clients, PrintStream out) {
        this.distribution = distribution;
        this.scratch = scratch;
        this.logFolder = logFolder;
        this.clients = clients;
        this.out = out;
    }

    /** From the recipe to clients that were served. */
    void run(String recipe) throws Exception {
        Path archive = scratch.resolve(recipe + ".tar.gz");
        Path folder = Files.createDirectories(scratch.resolve(recipe));
        run(
                ASSEMBLY_LIMIT,
                recipe + ".assemble",
                brokkr(distribution.folder()),
                "assemble",
                "--recipe",
                recipe,
                "--runtime",
                "--output",
                archive.toString());
        run(
                STEP_LIMIT,
                recipe + ".unpack",
                "tar",
                "--strip-components=1",
                "-xzf",
                archive.toString(),
                "-C",
                folder.toString());
        run(STEP_LIMIT, recipe + ".prepare", brokkr(folder), "prepare");
        Path work = Files.createDirectories(scratch.resolve(recipe + "-broker"));
        BrokkrDistribution trimmed = new BrokkrDistribution(recipe, folder, Map.of());
        // The first start warms up the client in this process, and the disk's cache.
        startAndMeasure(trimmed, work, broker -> {});
        String measured = startAndMeasure(trimmed, work, broker -> {
            for (Client client : clients) {
                for (Check check : client.checks()) {
                    String name = recipe + "-" + client.name();
                    check.body().run(new Target(broker.bootstrapServer(), name, Stage.FIRST, check.test(), logFolder));
                }
            }
        });
        out.printf(
                "recipe %s with Java: %.1f MB compressed, %s%n",
                recipe, Files.size(archive) / BYTES_PER_MEGABYTE, measured);
    }

    private static String brokkr(Path folder) {
        return folder.resolve("bin/brokkr").toString();
    }

    private void run(Duration limit, String log, String... line) throws Exception {
        new Command(List.of(line), limit, logFolder.resolve(log + ".log")).run();
    }

    private interface Use {
        void of(BrokerProcess broker) throws Exception;
    }

    private static String startAndMeasure(BrokkrDistribution trimmed, Path work, Use use) throws Exception {
        int port = BrokerProcess.freePort();
        try (KafkaProducer<byte[], byte[]> producer = eagerProducer(port)) {
            long begin = System.nanoTime();
            try (BrokerProcess broker = BrokerProcess.start(trimmed, work, port)) {
                producer.send(new ProducerRecord<>("first", new byte[100]))
                        .get(STEP_LIMIT.toSeconds(), TimeUnit.SECONDS);
                double seconds = (System.nanoTime() - begin) / 1e9;
                String measured = "%.0f MB resident and %.2f s to the first acknowledgement"
                        .formatted(residentKilobytes(broker.pid()) / KILOBYTES_PER_MEGABYTE, seconds);
                broker.awaitReady(Smoke.READY_LIMIT);
                use.of(broker);
                broker.stop();
                return measured;
            }
        }
    }

    /** It tries again so often that the broker is measured, and not the client. */
    private static KafkaProducer<byte[], byte[]> eagerProducer(int port) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        "127.0.0.1:" + port,
                        "reconnect.backoff.ms",
                        5,
                        "reconnect.backoff.max.ms",
                        5,
                        "retry.backoff.ms",
                        5,
                        "retry.backoff.max.ms",
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static double residentKilobytes(long pid) throws IOException {
        Optional<String> line = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(text -> text.startsWith("VmRSS:"))
                .findFirst();
        return Double.parseDouble(line.orElseThrow().replaceAll("\\D", ""));
    }
}
