package io.brokkr.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lets Brokkr adopt the data folder of a real Apache Kafka broker, and looks through stock tools whether topics, settings, records and committed offsets came along.
 *
 * <p>Apache Kafka is started twice, so that its leader epochs are higher than those of a new topic: clients that have seen them take lower ones for old news.
 */
final class AdoptionCheck {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String TOPIC = "adopted-orders";
    private static final String GROUP = "adopted-group";
    private static final Pattern TOPIC_ID = Pattern.compile("TopicId: (\\S+)");

    private final ApacheKafka kafka;
    private final BrokkrDistribution brokkr;
    private final Path kafkaFolder;
    private final Path brokkrFolder;
    private final Path logFolder;

    AdoptionCheck(ApacheKafka kafka, BrokkrDistribution brokkr, Path scratch, Path logFolder) throws IOException {
        this.kafka = kafka;
        this.brokkr = brokkr;
        this.kafkaFolder = Files.createDirectories(scratch.resolve("adopted-kafka"));
        this.brokkrFolder = Files.createDirectories(scratch.resolve("adopting-brokkr"));
        this.logFolder = logFolder;
    }

    /** Does all of it; Brokkr's folder is that of a broker that was stopped in order afterwards. */
    void run() throws Exception {
        kafka.prepare(kafkaFolder);
        String id;
        try (BrokerProcess broker = start(kafka, kafkaFolder)) {
            topics(
                    broker,
                    "create",
                    "--create",
                    "--topic",
                    TOPIC,
                    "--partitions",
                    "1",
                    "--config",
                    "retention.ms=604800001",
                    "--config",
                    "segment.bytes=1048576");
            id = topicId(broker, "kafka");
            tool(broker, "produce", "org.apache.kafka.tools.ConsoleProducer", numbers(0, 100), "--topic", TOPIC);
            expectConsumed(broker, "consume-first", 0, 40);
            broker.stop();
        }
        try (BrokerProcess broker = start(kafka, kafkaFolder)) {
            expectConsumed(broker, "consume-second", 40, 60);
            broker.stop();
        }
        String adopted = log("adopt", "adopt", kafkaFolder.resolve("data").toString());
        CheckFailedException.unless(adopted.contains("adopted " + TOPIC), adopted);
        try (BrokerProcess broker = start(brokkr, brokkrFolder)) {
            CheckFailedException.unless(topicId(broker, "brokkr").equals(id), "the id is not " + id);
            expectConsumed(broker, "consume-adopted", 60, 100);
            tool(broker, "produce-more", "org.apache.kafka.tools.ConsoleProducer", numbers(100, 110), "--topic", TOPIC);
            expectConsumed(broker, "consume-more", 100, 110);
            broker.stop();
        }
        log("verify-adopted", "verify");
    }

    private static BrokerProcess start(BrokerProgram program, Path folder) throws Exception {
        BrokerProcess broker = BrokerProcess.start(program, folder, BrokerProcess.freePort());
        broker.awaitReady(Smoke.READY_LIMIT);
        return broker;
    }

    private String topicId(BrokerProcess broker, String step) throws Exception {
        String described = topics(broker, "describe-" + step, "--describe", "--topic", TOPIC);
        CheckFailedException.unless(described.contains("retention.ms=604800001"), "a setting is lost: " + described);
        Matcher id = TOPIC_ID.matcher(described);
        CheckFailedException.unless(id.find(), "no topic id: " + described);
        return id.group(1);
    }

    private void expectConsumed(BrokerProcess broker, String step, int from, int to) throws Exception {
        String seen = tool(
                broker,
                step,
                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                "",
                "--topic",
                TOPIC,
                "--group",
                GROUP,
                "--from-beginning",
                "--max-messages",
                Integer.toString(to - from),
                "--timeout-ms",
                "60000");
        CheckFailedException.unless(seen.equals(numbers(from, to)), "not " + from + " to " + to + ": " + seen);
    }

    private String topics(BrokerProcess broker, String step, String... arguments) throws Exception {
        return tool(broker, step, "org.apache.kafka.tools.TopicCommand", "", arguments);
    }

    private String tool(BrokerProcess broker, String step, String mainClass, String input, String... arguments)
            throws Exception {
        List<String> line = new ArrayList<>(kafka.tool(mainClass));
        line.addAll(List.of("--bootstrap-server", broker.bootstrapServer()));
        line.addAll(List.of(arguments));
        return new Command(line, LIMIT, logFolder.resolve("adoption." + step + ".log")).run(input);
    }

    private String log(String step, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                brokkr.folder().resolve("bin/brokkr").toString(),
                "log",
                "--set",
                "log.dirs=" + brokkrFolder.resolve("data")));
        line.addAll(List.of(arguments));
        return new Command(line, LIMIT, logFolder.resolve("adoption." + step + ".log")).run();
    }

    private static String numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> number + "\n").collect(Collectors.joining());
    }
}
