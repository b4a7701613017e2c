package io.brokkr.compatibility;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** kcat, which is librdkafka on the command line. */
final class Kcat {
    private static final int RECORDS = 1000;
    private static final List<String> COMPRESSIONS = List.of("gzip", "snappy", "lz4", "zstd");

    private Kcat() {}

    static Client client() {
        return new Client(
                "kcat",
                List.of(
                        new Check(Stage.FIRST, "metadata", Kcat::metadata),
                        new Check(Stage.FIRST, "produce-and-consume", Kcat::produceAndConsume),
                        new Check(Stage.FIRST, "compressed", Kcat::compressed),
                        new Check(Stage.FIRST, "offsets", Kcat::offsets),
                        new Check(Stage.FIRST, "group", Kcat::group),
                        new Check(Stage.RESTARTED, "data-kept", Kcat::dataKept),
                        new Check(Stage.RESTARTED, "group-resumes", Kcat::groupResumes)));
    }

    private static void metadata(Target target) throws Exception {
        produce(target, "produce", topic(target, "metadata"), lines(0, 1));
        String answer = kcat(target, "list", "-L").run();
        CheckFailedException.unless(
                answer.contains("at " + target.bootstrapServer()), "no broker at the address: " + answer);
        CheckFailedException.unless(answer.contains("(controller)"), "no controller: " + answer);
        CheckFailedException.unless(
                answer.contains("topic \"" + topic(target, "metadata") + "\" with "), "no topic: " + answer);
        CheckFailedException.unless(!answer.contains("leader -1"), "a partition without a leader: " + answer);
    }

    private static void produceAndConsume(Target target) throws Exception {
        produce(target, "produce", topic(target, "plain"), lines(0, RECORDS));
        expect(lines(0, RECORDS), consume(target, "consume", topic(target, "plain")));
    }

    private static void compressed(Target target) throws Exception {
        for (String compression : COMPRESSIONS) {
            String topic = topic(target, compression);
            produce(target, "produce-" + compression, topic, lines(0, RECORDS), "-z", compression);
            expect(lines(0, RECORDS), consume(target, "consume-" + compression, topic));
        }
    }

    /** The topic of the test before has its records from 0 on: the end, asked for as a time, is their number. */
    private static void offsets(Target target) throws Exception {
        String topic = topic(target, "plain");
        String end = kcat(target, "query", "-Q", "-t", topic + ":0:-1").run();
        CheckFailedException.unless(end.strip().endsWith("offset " + RECORDS), "the end of " + topic + ": " + end);
    }

    private static void group(Target target) throws Exception {
        produce(target, "produce", topic(target, "group"), lines(0, RECORDS));
        expect(lines(0, RECORDS), consumeInGroup(target, RECORDS));
    }

    private static void dataKept(Target target) throws Exception {
        expect(lines(0, RECORDS), consume(target, "consume", topic(target, "plain")));
    }

    private static void groupResumes(Target target) throws Exception {
        produce(target, "produce", topic(target, "group"), lines(RECORDS, RECORDS + 100));
        expect(lines(RECORDS, RECORDS + 100), consumeInGroup(target, 100));
    }

    private static void produce(Target target, String step, String topic, String lines, String... more)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-P", "-t", topic));
        arguments.addAll(List.of(more));
        kcat(target, step, arguments.toArray(String[]::new)).run(lines);
    }

    private static String consume(Target target, String step, String topic) throws Exception {
        return kcat(target, step, "-C", "-q", "-e", "-o", "beginning", "-t", topic)
                .run();
    }

    private static String consumeInGroup(Target target, int count) throws Exception {
        return kcat(
                        target,
                        "consume",
                        "-q",
                        "-X",
                        "auto.offset.reset=earliest",
                        "-c",
                        Integer.toString(count),
                        "-G",
                        topic(target, "group"),
                        topic(target, "group"))
                .run();
    }

    private static Command kcat(Target target, String step, String... arguments) {
        List<String> line = new ArrayList<>(List.of("kcat", "-b", target.bootstrapServer()));
        line.addAll(List.of(arguments));
        return target.command(step, line);
    }

    private static String topic(Target target, String name) {
        return target.prefix() + "-" + name;
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> "record " + number + "\n")
                .collect(Collectors.joining());
    }

    private static void expect(String sent, String seen) {
        CheckFailedException.unless(
                sent.equals(seen),
                "sent " + sent.lines().count() + " lines, saw " + seen.lines().count() + ", first difference at line "
                        + firstDifference(sent.lines().toList(), seen.lines().toList()));
    }

    private static int firstDifference(List<String> sent, List<String> seen) {
        int line = 0;
        while (line < Math.min(sent.size(), seen.size()) && sent.get(line).equals(seen.get(line))) {
            line++;
        }
        return line;
    }
}
