package io.brokkr.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Has kafka-dump-log read the segments and indexes that a stopped broker left, and looks for its complaints. */
final class DumpLog {
    /** The tool ends with 0 whatever it finds; these are the words it complains with. */
    private static final Pattern COMPLAINT = Pattern.compile(
            "(?im)^.*(mismatch|isvalid: false|out of order|corrupt|exception|invalid bytes|not found|could not).*$");

    /**
     * A batch without records, which compaction keeps as the last one of an idempotent producer, has a time in its header, and that is in the index, with Apache Kafka too. The tool looks
     * for it in the records.
     */
    private static final Pattern TIMES_OF_NO_RECORDS = Pattern.compile(
            "(?m)^Found timestamp mismatch in :(.+)\\R(?:^ +Index timestamp: \\d+, log timestamp: -1(?:\\R|\\z))++(?! +Index timestamp)");

    /**
     * It announces "non-consecutive offsets" for every segment that does not begin at offset 0, with the pair "-1 is followed by"; a real gap names two offsets. They come below
     * the name of their file.
     */
    private static final Pattern GAPS =
            Pattern.compile("(?m)^Non-consecutive offsets in (.+)$|^\\s+(\\d+) is followed by (\\d+)$");

    /** For the files of one call, each of which may hold a million records. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** An argument of a program cannot be longer than some 128 KiB. */
    private static final int FILES_AT_ONCE = 500;

    private final ApacheKafka kafka;
    private final Path dataFolder;
    private final Path logFolder;
    private final String compactedTopic;
    private final boolean wantsGaps;

    private DumpLog(ApacheKafka kafka, Path dataFolder, Path logFolder, String compactedTopic, boolean wantsGaps) {
        this.kafka = kafka;
        this.dataFolder = dataFolder;
        this.logFolder = logFolder;
        this.compactedTopic = compactedTopic;
        this.wantsGaps = wantsGaps;
    }

    /** Of logs without gaps. */
    static DumpLog of(ApacheKafka kafka, Path dataFolder, Path logFolder) {
        return new DumpLog(kafka, dataFolder, logFolder, "", false);
    }

    /**
     * Of logs without gaps, but for those of one topic.
     *
     * @param mustHaveGaps whether it was compacted for certain
     */
    static DumpLog compacted(ApacheKafka kafka, Path dataFolder, Path logFolder, String topic, boolean mustHaveGaps) {
        return new DumpLog(kafka, dataFolder, logFolder, topic, mustHaveGaps);
    }

    /** All of it, a line each in the report. */
    void report(Report report, String after) throws InterruptedException {
        report.run("kafka-dump-log", "segments" + after, this::segments);
        report.run("kafka-dump-log", "index-sanity" + after, this::indexSanity);
        report.run("kafka-dump-log", "index-entries" + after, this::indexEntries);
    }

    /** Reads all segments record by record. */
    void segments() throws IOException, InterruptedException {
        List<Gap> gaps = gaps(dump("segments", files(".log"), "--deep-iteration"));
        List<Gap> wrong = gaps.stream()
                .filter(gap -> !gap.ascends() || !gap.isIn(compactedTopic))
                .toList();
        CheckFailedException.unless(wrong.isEmpty(), "in logs that have no gap: " + wrong);
        CheckFailedException.unless(!wantsGaps || !gaps.isEmpty(), "no segment of " + compactedTopic + " is compacted");
    }

    /** Opens the indexes as a starting broker would. */
    void indexSanity() throws IOException, InterruptedException {
        List<Path> indexes = files(".index", ".timeindex");
        String answer = dump("index-sanity", indexes, "--index-sanity-check");
        long sane = answer.lines()
                .filter(line -> line.endsWith(" passed sanity check.") || line.endsWith(" is empty."))
                .count();
        CheckFailedException.unless(
                sane == indexes.size(), sane + " of " + indexes.size() + " indexes passed: " + answer);
    }

    /**
     * Compares every index entry with the segment that it points into; at least one index must have entries. Kafka may leave preallocated
     * indexes beside empty segments, which the tool cannot look into.
     */
    void indexEntries() throws IOException, InterruptedException {
        List<Path> indexes = new ArrayList<>();
        long entriesInBytes = 0;
        for (Path index : files(".index", ".timeindex")) {
            String name = index.getFileName().toString();
            if (Files.size(index.resolveSibling(name.substring(0, name.indexOf('.')) + ".log")) > 0) {
                indexes.add(index);
                entriesInBytes += Files.size(index);
            }
        }
        CheckFailedException.unless(entriesInBytes > 0, "all " + indexes.size() + " indexes are empty");
        dump("index-entries", indexes, "--verify-index-only");
    }

    private String dump(String step, List<Path> files, String option) throws IOException, InterruptedException {
        CheckFailedException.unless(!files.isEmpty(), "no files to read");
        StringBuilder answers = new StringBuilder();
        for (int from = 0; from < files.size(); from += FILES_AT_ONCE) {
            answers.append(dumpSome(step, files.subList(from, Math.min(files.size(), from + FILES_AT_ONCE)), option));
        }
        return answers.toString();
    }

    private String dumpSome(String step, List<Path> files, String option) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(kafka.tool("org.apache.kafka.tools.DumpLogSegments"));
        line.addAll(
                List.of(option, "--files", files.stream().map(Path::toString).collect(Collectors.joining(","))));
        Path log = logFolder.resolve(String.join(
                ".", "kafka-dump-log", dataFolder.getParent().getFileName().toString(), step, "log"));
        String answer =
                new Command(line, LIMIT, log).run() + Files.readString(log.resolveSibling(log.getFileName() + ".err"));
        List<String> complaints = complaints(answer, compactedTopic);
        CheckFailedException.unless(complaints.isEmpty(), String.join("\n", complaints));
        return answer;
    }

    /** The lines of the tool's output that complain, but for what is as it must be in a topic that was compacted. */
    static List<String> complaints(String output, String compactedTopic) {
        String rest = TIMES_OF_NO_RECORDS
                .matcher(output)
                .replaceAll(found ->
                        isOf(compactedTopic, Path.of(found.group(1))) ? "" : Matcher.quoteReplacement(found.group()));
        return COMPLAINT.matcher(rest).results().map(MatchResult::group).toList();
    }

    private static boolean isOf(String topic, Path file) {
        return file.getParent().getFileName().toString().matches(Pattern.quote(topic) + "-\\d+");
    }

    /**
     * Two neighbouring records whose offsets are none.
     *
     * @param file the segment
     */
    record Gap(Path file, long before, long behind) {
        boolean ascends() {
            return before < behind;
        }

        boolean isIn(String topic) {
            return isOf(topic, file);
        }
    }

    /** What the tool's output tells of gaps. */
    static List<Gap> gaps(String output) {
        List<Gap> gaps = new ArrayList<>();
        Path file = Path.of("");
        Matcher lines = GAPS.matcher(output);
        while (lines.find()) {
            if (lines.group(1) != null) {
                file = Path.of(lines.group(1));
            } else {
                gaps.add(new Gap(file, Long.parseLong(lines.group(2)), Long.parseLong(lines.group(3))));
            }
        }
        return gaps;
    }

    /** Files of topics; Kafka's own metadata log is not a broker's to imitate. */
    private List<Path> files(String... suffixes) throws IOException {
        try (Stream<Path> all = Files.walk(dataFolder)) {
            return all.filter(file -> !file.getParent().getFileName().toString().startsWith("__cluster_metadata"))
                    .filter(file -> Stream.of(suffixes).anyMatch(file.toString()::endsWith))
                    .filter(file ->
                            Character.isDigit(file.getFileName().toString().charAt(0)))
                    .sorted()
                    .toList();
        }
    }
}
