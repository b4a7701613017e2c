package io.brokkr.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Lets Brokkr adopt the data folders of a real Apache Kafka broker, and looks through stock tools whether topics, settings, records and committed offsets came along.
 *
 * <p>Apache Kafka is started twice, so that its leader epochs are higher than those of a new topic: clients that have seen them take lower ones for old news.
 *
 * <p>Of a release of the line 3.9 it adopts two folders, with metadata of which the older part is in a snapshot alone; what clients write then is left to the other check.
 */
final class AdoptionCheck {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String TOPIC = "adopted-orders";
    private static final String GROUP = "adopted-group";
    private static final Pattern TOPIC_ID = Pattern.compile("TopicId: (\\S+)");

    private static final Map<String, String> MANY_SNAPSHOTS = Map.of(
            "log.dirs",
            ApacheKafka.FOLDER + "/data," + ApacheKafka.FOLDER + "/data-2",
            "metadata.log.max.record.bytes.between.snapshots",
            "100",
            "metadata.log.segment.ms",
            "1000");

    private final ApacheKafka kafka;
    private final boolean isOld;
    private final ApacheKafka tools;
    private final String name;
    private final BrokkrDistribution brokkr;
    private final Path kafkaFolder;
    private final Path brokkrFolder;
    private final Path logFolder;

    private AdoptionCheck(
            ApacheKafka kafka,
            boolean isOld,
            ApacheKafka tools,
            String name,
            BrokkrDistribution brokkr,
            Path scratch,
            Path logFolder)
            throws IOException {
        this.kafka = kafka;
        this.isOld = isOld;
        this.tools = tools;
        this.name = name;
        this.brokkr = brokkr;
        this.kafkaFolder = Files.createDirectories(scratch.resolve(name + "-kafka"));
        this.brokkrFolder = Files.createDirectories(scratch.resolve(name + "-brokkr"));
        this.logFolder = logFolder;
    }

    /** Of the release that the tools are of. */
    static AdoptionCheck of4(ApacheKafka kafka, BrokkrDistribution brokkr, Path scratch, Path logFolder)
            throws IOException {
        return new AdoptionCheck(kafka, false, kafka, "adoption-4", brokkr, scratch, logFolder);
    }

    /**
     * Of a release before.
     *
     * @param jars of that release
     */
    static AdoptionCheck of3(Path jars, ApacheKafka tools, BrokkrDistribution brokkr, Path scratch, Path logFolder)
            throws IOException {
        ApacheKafka kafka = new ApacheKafka(jars, tools.logging(), MANY_SNAPSHOTS);
        return new AdoptionCheck(kafka, true, tools, "adoption-3", brokkr, scratch, logFolder);
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
        List<String> adopt =
                new ArrayList<>(List.of("adopt", kafkaFolder.resolve("data").toString()));
        if (isOld) {
            forgetOldMetadata(kafkaFolder.resolve("data/__cluster_metadata-0"));
            adopt.add(kafkaFolder.resolve("data-2").toString());
        }
        String adopted = log("adopt", adopt.toArray(String[]::new));
        CheckFailedException.unless(adopted.contains("adopted " + TOPIC), adopted);
        try (BrokerProcess broker = start(brokkr, brokkrFolder)) {
            CheckFailedException.unless(topicId(broker, "brokkr").equals(id), "the id is not " + id);
            expectConsumed(broker, "consume-adopted", 60, 100);
            if (!isOld) {
                tool(
                        broker,
                        "produce-more",
                        "org.apache.kafka.tools.ConsoleProducer",
                        numbers(100, 110),
                        "--topic",
                        TOPIC);
                expectConsumed(broker, "consume-more", 100, 110);
            }
            broker.stop();
        }
        log("verify-adopted", "verify");
    }

    /** Deletes what lies before the newest snapshot, as Apache Kafka does when it has run for a minute. */
    private static void forgetOldMetadata(Path metadata) throws IOException {
        long snapshotEnd = offsets(metadata, ".checkpoint").last();
        NavigableSet<Long> segments = offsets(metadata, ".log");
        NavigableSet<Long> gone = new TreeSet<>(segments.headSet(snapshotEnd, true));
        gone.pollLast();
        CheckFailedException.unless(!gone.isEmpty(), "nothing lies before the snapshot " + snapshotEnd);
        for (long base : gone) {
            for (String suffix : List.of(".log", ".index", ".timeindex")) {
                Files.deleteIfExists(metadata.resolve("%020d%s".formatted(base, suffix)));
            }
        }
    }

    /** That files of a kind have in their names. */
    private static NavigableSet<Long> offsets(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(suffix))
                    .map(file -> Long.parseLong(file.substring(0, 20)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
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
        List<String> line = new ArrayList<>(tools.tool(mainClass));
        line.addAll(List.of("--bootstrap-server", broker.bootstrapServer()));
        line.addAll(List.of(arguments));
        return new Command(line, LIMIT, logFolder.resolve(name + "." + step + ".log")).run(input);
    }

    private String log(String step, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                brokkr.folder().resolve("bin/brokkr").toString(),
                "log",
                "--set",
                "log.dirs=" + brokkrFolder.resolve("data")));
        line.addAll(List.of(arguments));
        return new Command(line, LIMIT, logFolder.resolve(name + "." + step + ".log")).run();
    }

    private static String numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> number + "\n").collect(Collectors.joining());
    }
}
