package io.brokkr.compatibility;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Apache Kafka's command-line tools, by their main classes. */
final class KafkaTools {
    private static final int PERFORMANCE_RECORDS = 20_000;

    private final ApacheKafka kafka;

    KafkaTools(ApacheKafka kafka) {
        this.kafka = kafka;
    }

    Client client() {
        return new Client(
                "kafka-tools",
                List.of(
                        new Check(Stage.FIRST, "kafka-broker-api-versions", this::brokerApiVersions),
                        new Check(Stage.FIRST, "kafka-topics", this::topics),
                        new Check(Stage.FIRST, "kafka-configs", this::configurations),
                        new Check(Stage.FIRST, "kafka-console-producer", this::consoleProducer),
                        new Check(Stage.FIRST, "kafka-console-consumer", this::consoleConsumer),
                        new Check(Stage.FIRST, "kafka-consumer-groups", this::consumerGroups),
                        new Check(Stage.FIRST, "kafka-producer-perf-test", this::producerPerformance),
                        new Check(Stage.FIRST, "kafka-consumer-perf-test", this::consumerPerformance),
                        new Check(Stage.FIRST, "kafka-get-offsets", this::getOffsets),
                        new Check(Stage.FIRST, "kafka-delete-records", this::deleteRecords),
                        new Check(Stage.FIRST, "kafka-log-dirs", this::logFolders),
                        new Check(Stage.RESTARTED, "kafka-console-consumer", this::consoleConsumer),
                        new Check(Stage.RESTARTED, "kafka-get-offsets", this::trimmedOffsets)));
    }

    /** What the broker advertises, one API a line; the plugin checks look at it too. */
    String advertised(Target target) throws Exception {
        return run(target, "versions", "org.apache.kafka.tools.BrokerApiVersionsCommand");
    }

    private void brokerApiVersions(Target target) throws Exception {
        String answer = advertised(target);
        expect(
                answer,
                "Produce\\(0\\): .*\\[usable: ",
                "Fetch\\(1\\): .*\\[usable: ",
                "ApiVersions\\(18\\): .*\\[usable: ");
    }

    private void topics(Target target) throws Exception {
        String topic = topic(target, "topics");
        String topics = "org.apache.kafka.tools.TopicCommand";
        run(
                target,
                "create",
                topics,
                "--create",
                "--topic",
                topic,
                "--partitions",
                "3",
                "--config",
                "retention.ms=60000");
        expect(run(target, "list", topics, "--list"), "(?m)^" + topic + "$");
        run(target, "alter", topics, "--alter", "--topic", topic, "--partitions", "5");
        String described = run(target, "describe", topics, "--describe", "--topic", topic);
        expect(
                described,
                "PartitionCount: 5",
                "ReplicationFactor: 1",
                "retention.ms=60000",
                "Partition: 4\\s+Leader: \\d+");
        run(target, "delete", topics, "--delete", "--topic", topic);
        String left = run(target, "list-after", topics, "--list");
        CheckFailedException.unless(left.lines().noneMatch(topic::equals), topic + " is still listed");
    }

    private void configurations(Target target) throws Exception {
        String topic = topic(target, "configs");
        String configs = "kafka.admin.ConfigCommand";
        String[] entity = {"--entity-type", "topics", "--entity-name", topic};
        run(target, "create", "org.apache.kafka.tools.TopicCommand", "--create", "--topic", topic);
        run(
                target,
                "alter",
                configs,
                with(entity, "--alter", "--add-config", "retention.ms=120000,max.message.bytes=70000"));
        expect(
                run(target, "describe", configs, with(entity, "--describe")),
                "retention.ms=120000",
                "max.message.bytes=70000");
        run(target, "remove", configs, with(entity, "--alter", "--delete-config", "retention.ms"));
        String left = run(target, "describe-after", configs, with(entity, "--describe"));
        CheckFailedException.unless(!left.contains("retention.ms=120000"), "retention.ms is still set: " + left);
        expect(left, "max.message.bytes=70000");
        expect(
                run(target, "describe-broker", configs, "--entity-type", "brokers", "--describe", "--all"),
                "All configs for broker \\d+ are:");
    }

    private void consoleProducer(Target target) throws Exception {
        List<String> line = new ArrayList<>(kafka.tool("org.apache.kafka.tools.ConsoleProducer"));
        line.addAll(List.of("--bootstrap-server", target.bootstrapServer(), "--topic", topic(target, "console")));
        target.command("produce", line).run(numbers());
    }

    private void consoleConsumer(Target target) throws Exception {
        String seen = run(
                target,
                "consume",
                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                "--topic",
                topic(target, "console"),
                "--from-beginning",
                "--max-messages",
                "100",
                "--timeout-ms",
                "30000");
        CheckFailedException.unless(
                seen.equals(numbers()), "saw " + seen.lines().count() + " lines: " + seen);
    }

    private void consumerGroups(Target target) throws Exception {
        String group = topic(target, "group");
        String groups = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
        run(
                target,
                "consume",
                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                "--topic",
                topic(target, "console"),
                "--group",
                group,
                "--from-beginning",
                "--max-messages",
                "100",
                "--timeout-ms",
                "30000");
        expect(run(target, "list", groups, "--list"), "(?m)^" + group + "$");
        expect(
                run(target, "describe", groups, "--describe", "--group", group),
                group + "\\s+\\S+\\s+0\\s+100\\s+100\\s+0");
        expect(run(target, "state", groups, "--describe", "--state", "--group", group), group + ".*Empty");
        String[] reset = {"--reset-offsets", "--to-earliest", "--execute", "--all-topics", "--group", group};
        expect(run(target, "reset", groups, reset), group + "\\s+\\S+\\s+0\\s+0");
        expect(
                run(target, "describe-reset", groups, "--describe", "--group", group),
                group + "\\s+\\S+\\s+0\\s+0\\s+100\\s+100");
        run(target, "delete", groups, "--delete", "--group", group);
        String left = run(target, "list-after", groups, "--list");
        CheckFailedException.unless(left.lines().noneMatch(group::equals), group + " is still listed");
    }

    private void producerPerformance(Target target) throws Exception {
        String topic = topic(target, "performance");
        run(
                target,
                "create",
                "org.apache.kafka.tools.TopicCommand",
                "--create",
                "--topic",
                topic,
                "--partitions",
                "2",
                "--config",
                "segment.bytes=1048576");
        String answer = run(
                target,
                "produce",
                "org.apache.kafka.tools.ProducerPerformance",
                "--topic",
                topic,
                "--num-records",
                Integer.toString(PERFORMANCE_RECORDS),
                "--record-size",
                "500",
                "--throughput",
                "-1",
                "--command-property",
                "acks=all");
        expect(answer, PERFORMANCE_RECORDS + " records sent, ");
    }

    private void consumerPerformance(Target target) throws Exception {
        String answer = run(
                target,
                "consume",
                "org.apache.kafka.tools.ConsumerPerformance",
                "--topic",
                topic(target, "performance"),
                "--num-records",
                Integer.toString(PERFORMANCE_RECORDS),
                "--timeout",
                "30000",
                "--hide-header");
        // start, end, MB, MB/s, records, ...
        String[] figures =
                answer.lines().reduce((first, second) -> second).orElse("").split(", ", -1);
        CheckFailedException.unless(
                figures.length > 4 && Integer.parseInt(figures[4]) >= PERFORMANCE_RECORDS,
                "consumed too little: " + answer);
    }

    private void getOffsets(Target target) throws Exception {
        String answer = run(
                target,
                "offsets",
                "org.apache.kafka.tools.GetOffsetShell",
                "--topic",
                topic(target, "performance"),
                "--time",
                "-1");
        long sum = answer.lines()
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(':') + 1)))
                .sum();
        CheckFailedException.unless(sum == PERFORMANCE_RECORDS, "ends of the partitions: " + answer);
    }

    private void deleteRecords(Target target) throws Exception {
        String topic = topic(target, "console");
        Path wish = target.logFolder().resolve("delete-records.json");
        Files.writeString(
                wish,
                "{\"partitions\": [{\"topic\": \"" + topic + "\", \"partition\": 0, \"offset\": 0}], \"version\": 1}");
        expect(deleteRecords(target, "nothing", wish), "partition: " + topic + "-0\\s+low_watermark: 0");
        String big = topic(target, "performance");
        Files.writeString(
                wish,
                "{\"partitions\": [{\"topic\": \"" + big + "\", \"partition\": 0, \"offset\": 5}], \"version\": 1}");
        expect(deleteRecords(target, "five", wish), "partition: " + big + "-0\\s+low_watermark: 5");
        trimmedOffsets(target);
    }

    private String deleteRecords(Target target, String step, Path wish) throws Exception {
        return run(target, step, "org.apache.kafka.tools.DeleteRecordsCommand", "--offset-json-file", wish.toString());
    }

    private void trimmedOffsets(Target target) throws Exception {
        String topic = topic(target, "performance");
        String answer =
                run(target, "earliest", "org.apache.kafka.tools.GetOffsetShell", "--topic", topic, "--time", "-2");
        expect(answer, topic + ":0:5", topic + ":1:0");
    }

    private void logFolders(Target target) throws Exception {
        String topic = topic(target, "performance");
        String answer =
                run(target, "describe", "org.apache.kafka.tools.LogDirsCommand", "--describe", "--topic-list", topic);
        expect(answer, "\"partition\":\"" + topic + "-0\",\"size\":[1-9]");
    }

    private String run(Target target, String step, String mainClass, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(kafka.tool(mainClass));
        line.addAll(List.of("--bootstrap-server", target.bootstrapServer()));
        line.addAll(List.of(arguments));
        return target.command(step, line).run();
    }

    private static void expect(String answer, String... patterns) {
        for (String pattern : patterns) {
            CheckFailedException.unless(
                    Pattern.compile(pattern).matcher(answer).find(), "no " + pattern + " in: " + answer);
        }
    }

    private static String[] with(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static String topic(Target target, String name) {
        return target.prefix() + "-" + name;
    }

    private static String numbers() {
        return IntStream.range(0, 100).mapToObj(number -> number + "\n").collect(Collectors.joining());
    }
}
