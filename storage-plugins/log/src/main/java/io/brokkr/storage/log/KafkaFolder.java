package io.brokkr.storage.log;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One of the data folders of a stopped Apache Kafka broker.
 *
 * <pre>
 *   meta.properties                version=0 or 1, and whose folder it is
 *   .kafka_cleanshutdown           there after a stop in order
 *   log-start-offset-checkpoint    where logs start whose start is no segment's: «0», the number of lines, and lines «topic partition offset»
 *   orders-0/                      a log
 *   orders-0.0123…-delete/         a log on its way out; likewise -stray, and -future for one that is moved between folders
 * </pre>
 */
final class KafkaFolder {

    private static final String META = "meta.properties";
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";
    private static final String START_OFFSETS = "log-start-offset-checkpoint";
    private static final int NEWEST_META_VERSION = 1;

    /** Eighteen digits fit into 64 bits, and no log has more. */
    private static final Pattern START_OFFSET = Pattern.compile("([^ ]+) ([0-9]{1,10}) ([0-9]{1,18})");

    private final Path path;

    KafkaFolder(Path path) {
        this.path = path;
    }

    /** Tells what is in the way of adopting the folder, and what is left behind. */
    void check(Consumer<String> problems, Consumer<String> notes) throws IOException {
        Path meta = path.resolve(META);
        if (!Files.exists(meta)) {
            problems.accept(path + " has no file " + META + ", so it is no data folder of Apache Kafka");
            return;
        }
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(meta)));
        String version = properties.getProperty("version", "").strip();
        if (!version.matches("[0-9]{1,9}") || Integer.parseInt(version) > NEWEST_META_VERSION) {
            problems.accept(meta + " has the version «" + version + "», and versions up to " + NEWEST_META_VERSION
                    + " are known");
        }
        if (!Files.exists(path.resolve(CLEAN_SHUTDOWN))) {
            problems.accept(path + " has no file " + CLEAN_SHUTDOWN
                    + ": the broker did not stop in order; start it once more and stop it with kafka-server-stop");
        }
        try (Stream<Path> entries = Files.list(path)) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches(".*-(delete|stray|future)"))
                    .sorted()
                    .forEach(name -> notes.accept(path.resolve(name) + " is left behind: it is on its way out"));
        }
    }

    /** The folders of logs, by their names. */
    Map<String, Path> logs() throws IOException {
        Map<String, Path> logs = new HashMap<>();
        LogFolders.logFoldersIn(path).stream()
                .filter(folder -> !folder.endsWith(KafkaMetadata.FOLDER))
                .forEach(folder -> logs.put(folder.getFileName().toString(), folder));
        return logs;
    }

    /** The log of the controllers; null if it is not in this folder. */
    @Nullable
    Path metadata() {
        Path folder = path.resolve(KafkaMetadata.FOLDER);
        return Files.isDirectory(folder) ? folder : null;
    }

    /** Where logs start that do not start with their first segment, by the names of their folders. Tells what cannot be read: records that were deleted would be there again. */
    Map<String, Long> startOffsets(Consumer<String> problems) throws IOException {
        Path file = path.resolve(START_OFFSETS);
        Map<String, Long> starts = new HashMap<>();
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        for (String line : lines.subList(Math.min(2, lines.size()), lines.size())) {
            Matcher fields = START_OFFSET.matcher(line);
            if (fields.matches()) {
                starts.put(fields.group(1) + "-" + fields.group(2), Long.parseLong(fields.group(3)));
            } else {
                problems.accept(
                        file + " has the line «" + line
                                + "», where «topic partition offset» must be: start Apache Kafka once more and stop it with kafka-server-stop, which writes the file anew");
            }
        }
        return starts;
    }
}
