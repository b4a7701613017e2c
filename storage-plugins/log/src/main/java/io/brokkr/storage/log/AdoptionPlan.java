package io.brokkr.storage.log;

import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.spi.AdoptedTopic;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** What is to be adopted, and what is in the way. Made without changing anything. Used by one thread. */
final class AdoptionPlan {

    private final BrokerServices broker;
    private final CommandLineContext context;
    private final Map<String, TopicSetting<?>> knownSettings = new HashMap<>();
    private final Map<String, Path> logFolders = new HashMap<>();
    private final Map<String, Long> startOffsets = new HashMap<>();
    private final Map<AdoptedTopic, List<AdoptedLog>> topics = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Path target;

    AdoptionPlan(BrokerServices broker, CommandLineContext context) {
        this.broker = broker;
        this.context = context;
        broker.configuration().topicSettings().forEach(setting -> knownSettings.put(setting.name(), setting));
        target =
                broker
                        .storageEngines()
                        .get(LogStorageEngineFactory.NAME)
                        .locations()
                        .toCompletableFuture()
                        .join()
                        .stream()
                        .max(Comparator.comparingLong(location -> location.usableBytes()))
                        .map(location -> Path.of(location.name()))
                        .orElseThrow();
    }

    /** The topics with their logs, in the order of their names. */
    Map<AdoptedTopic, List<AdoptedLog>> topics() {
        return topics;
    }

    /** Which of our data folders the logs go to: the one with the most room. */
    Path target() {
        return target;
    }

    /** Looks at all data folders of the broker. */
    void make(List<KafkaFolder> folders) throws IOException {
        Path metadata = null;
        for (KafkaFolder folder : folders) {
            folder.check(problems::add, notes::add);
            logFolders.putAll(folder.logs());
            startOffsets.putAll(folder.startOffsets(problems::add));
            metadata = folder.metadata() == null ? metadata : folder.metadata();
        }
        if (!problems.isEmpty()) {
            return;
        }
        Collection<KafkaTopic> described = metadata == null ? fromFolders() : read(metadata);
        for (KafkaTopic topic : described.stream()
                .sorted(Comparator.comparing(KafkaTopic::name))
                .toList()) {
            add(topic);
        }
        logFolders.values().stream()
                .sorted()
                .forEach(left -> notes.add(left + " is left behind: no topic that the metadata knows has this log"));
    }

    private Collection<KafkaTopic> read(Path metadata) throws IOException {
        try {
            return new KafkaMetadata(metadata, new CompressionCodecs(context.compressionCodecs())).read();
        } catch (StorageException | InvalidRecordBatchException unreadable) {
            problems.add(String.valueOf(unreadable.getMessage()));
            return List.of();
        }
    }

    /** Of a broker that had its metadata elsewhere: what the folders tell, which are no settings. */
    private Collection<KafkaTopic> fromFolders() throws IOException {
        notes.add(
                "there is no " + KafkaMetadata.FOLDER
                        + ", so that the topics' settings are not known: they are with ZooKeeper, with controllers of their own, or in the folder metadata.log.dir, which is to be named too; kafka-configs.sh --describe --entity-type topics tells them while Apache Kafka runs");
        Map<UUID, KafkaTopic> found = new HashMap<>();
        for (Map.Entry<String, Path> log : logFolders.entrySet()) {
            Matcher name = LogFolders.LOG_NAME.matcher(log.getKey());
            Optional<UUID> id = topicId(log.getValue());
            if (id.isEmpty()) {
                problems.add(log.getValue() + " has no " + TopicIdFile.NAME
                        + ": topics without an id (before Apache Kafka 2.8) cannot be adopted");
            } else if (name.matches()) {
                found.computeIfAbsent(id.get(), first -> new KafkaTopic(name.group(1), first))
                        .sawLeaderEpoch(Integer.parseInt(name.group(2)), 0);
            }
        }
        found.values().stream().sorted(Comparator.comparing(KafkaTopic::name)).forEach(topic -> {
            topic.settings().putAll(AssumedSettings.of(topic.name()));
            notes.add(AssumedSettings.note(topic.name()));
        });
        return found.values();
    }

    private Optional<UUID> topicId(Path log) throws IOException {
        try {
            return TopicIdFile.read(log);
        } catch (StorageException unreadable) {
            problems.add(String.valueOf(unreadable.getMessage()));
            return Optional.empty();
        }
    }

    private void add(KafkaTopic topic) throws IOException {
        if (topic.hasGap()) {
            problems.add("of the topic " + topic.name() + " partitions are missing");
            return;
        }
        if (Boolean.parseBoolean(topic.settings().get("remote.storage.enable"))) {
            problems.add(
                    "the topic " + topic.name()
                            + " has records in remote storage, which would be lost: disable remote.storage.enable and let them come back, or delete the topic");
            return;
        }
        NewTopic wish = new NewTopic(topic.name(), topic.partitionCount(), 1, settings(topic));
        try {
            broker.topics().validate(wish);
        } catch (ApiException refused) {
            problems.add("the topic " + topic.name() + " cannot be adopted: " + refused.getMessage());
            return;
        }
        List<List<LogCheck.CheckedSegment>> segments = new ArrayList<>();
        List<Path> sources = new ArrayList<>();
        int epoch = topic.highestLeaderEpoch();
        for (int partition = 0; partition < topic.partitionCount(); partition++) {
            String name = topic.name() + "-" + partition;
            // An adoption that was cut short may have moved it already.
            Path source = logFolders.containsKey(name) ? logFolders.remove(name) : inPlace(name, topic);
            if (source == null) {
                problems.add(
                        name
                                + " is in none of the folders: name all of the broker's log.dirs; logs on other brokers cannot be adopted");
                return;
            }
            if (!topicId(source).equals(Optional.of(topic.id()))) {
                problems.add(source + " does not belong to the topic " + topic.name() + " of the id " + topic.id());
                return;
            }
            LogCheck check = new LogCheck(source, false, this::judge, bytes -> {});
            segments.add(check.run());
            sources.add(source);
            epoch = Math.max(epoch, check.highestLeaderEpoch());
        }
        List<AdoptedLog> logs = new ArrayList<>();
        for (int partition = 0; partition < sources.size(); partition++) {
            logs.add(log(topic.name() + "-" + partition, sources.get(partition), segments.get(partition), epoch + 1));
        }
        topics.put(new AdoptedTopic(wish, topic.id(), topic.isInternal(), epoch + 1), logs);
    }

    private @Nullable Path inPlace(String name, KafkaTopic topic) throws IOException {
        Path place = target.resolve(name);
        return Files.isDirectory(place) && topicId(place).equals(Optional.of(topic.id())) ? place : null;
    }

    /** Faults of indexes are no reason to refuse a log: they are left behind. */
    private void judge(Fault fault) {
        boolean isIndex = fault.file().toString().endsWith(IndexFile.Layout.OFFSETS.suffix())
                || fault.file().toString().endsWith(IndexFile.Layout.TIMES.suffix());
        (isIndex ? notes : problems)
                .add(isIndex ? fault.file() + " is left behind: " + fault.reason() : fault.toString());
    }

    private AdoptedLog log(String name, Path source, List<LogCheck.CheckedSegment> segments, int leaderEpoch)
            throws IOException {
        long base = segments.isEmpty() ? 0 : segments.get(0).baseOffset();
        long end = segments.isEmpty() ? 0 : segments.get(segments.size() - 1).endOffset();
        long start = Math.min(end, Math.max(base, startOffsets.getOrDefault(name, base)));
        List<LogState.SegmentLine> lines =
                segments.stream().map(LogCheck.CheckedSegment::toLine).toList();
        LogState state = new LogState(
                leaderEpoch, start, end, lines.isEmpty() ? List.of(LogState.SegmentLine.empty(base)) : lines);
        AdoptedLog log = new AdoptedLog(name, source, state, segments);
        if (log.hasAbortedTransactions()) {
            notes.add(name
                    + " holds records of aborted transactions, which consumers will see as if they were committed");
        }
        return log;
    }

    /** Those that are known here and have a value that is right here. */
    private Map<String, String> settings(KafkaTopic topic) {
        // Whatever the broker's default is, the records are this engine's.
        Map<String, String> kept = new HashMap<>(Map.of("storage.engine", LogStorageEngineFactory.NAME));
        new TreeMap<>(topic.settings()).forEach((name, value) -> {
            TopicSetting<?> setting = knownSettings.get(name);
            String reason = setting == null ? "Brokkr has no such setting" : wrong(setting, value);
            if (reason == null) {
                kept.put(name, value);
            } else {
                notes.add("the topic " + topic.name() + " loses its setting " + name + "=" + value + ": " + reason);
            }
        });
        return kept;
    }

    private static @Nullable String wrong(TopicSetting<?> setting, String value) {
        try {
            setting.parse(value);
            return null;
        } catch (IllegalArgumentException expected) {
            return "it must be " + expected.getMessage();
        }
    }

    /**
     * Tells the plan, and whether it can be carried out.
     *
     * @param move whether the logs are to be moved rather than copied
     */
    boolean tell(boolean move) throws IOException {
        topics.forEach((topic, logs) -> context.out()
                .println(topic.topic().name() + ", id " + topic.id() + ", " + logs.size() + " partitions, "
                        + logs.stream().mapToLong(AdoptedLog::sizeInBytes).sum() + " bytes, settings "
                        + new TreeMap<>(topic.topic().overrides())));
        notes.forEach(note -> context.out().println("note: " + note));
        checkRoom(move);
        problems.forEach(problem -> context.out().println("problem: " + problem));
        context.out()
                .println(
                        problems.isEmpty()
                                ? topics.size() + " topics can be adopted into " + target
                                : "nothing is adopted, because of " + problems.size() + " problems");
        return problems.isEmpty();
    }

    private void checkRoom(boolean move) throws IOException {
        FileStore store = Files.getFileStore(target);
        long needed = 0;
        for (AdoptedLog log : topics.values().stream().flatMap(List::stream).toList()) {
            needed += log.sizeInBytes();
            if (move && !Files.getFileStore(log.source()).equals(store)) {
                problems.add(log.source() + " is on another file system than " + target + ": copy instead of move");
                return;
            }
        }
        if (!move && needed > store.getUsableSpace()) {
            problems.add(
                    "the copy needs " + needed + " bytes, and " + target + " has room for " + store.getUsableSpace());
        }
    }
}
