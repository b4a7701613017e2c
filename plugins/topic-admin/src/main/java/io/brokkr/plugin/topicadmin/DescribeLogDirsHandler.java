package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeLogDirsRequest;
import io.brokkr.protocol.message.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.brokkr.protocol.message.DescribeLogDirsResponse;
import io.brokkr.protocol.message.DescribeLogDirsResponse.DescribeLogDirsPartition;
import io.brokkr.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.brokkr.protocol.message.DescribeLogDirsResponse.DescribeLogDirsTopic;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.Topic;
import io.brokkr.spi.Topics;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageLocation;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Serves DescribeLogDirs: the places where the storage engines keep logs, and what each log takes there.
 *
 * <p>No log lags behind and none is about to move, because each log is its partition's only one.
 */
final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequest> {

    private static final Logger LOG = System.getLogger(DescribeLogDirsHandler.class.getName());

    private final Topics topics;
    private final Map<String, StorageEngine> engines;
    private final SettingValues settings;

    DescribeLogDirsHandler(Topics topics, Map<String, StorageEngine> engines, SettingValues settings) {
        this.topics = topics;
        this.settings = settings;
        this.engines = engines;
    }

    @Override
    public Api<DescribeLogDirsRequest> api() {
        return DescribeLogDirsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, DescribeLogDirsRequest request) {
        Rights.requireOnCluster(context, Operation.DESCRIBE);
        Map<String, Set<LogId>> logsOfEngines = logsOfEngines(request.topics());
        return Stages.mapAll(List.copyOf(new TreeMap<>(engines).entrySet()), engine -> Stages.attempt(
                                () -> engine.getValue().locations())
                        .handle((locations, failure) -> failure == null
                                ? describe(locations, logsOfEngines.getOrDefault(engine.getKey(), Set.of()))
                                : List.of(unreadable(engine.getKey(), failure))))
                .thenApply(results -> Response.of(DescribeLogDirsResponse.builder()
                        .results(results.stream().flatMap(List::stream).toList())
                        .build()));
    }

    /** The logs that a client asks for, by the engine that keeps them; all logs if it names none. */
    private Map<String, Set<LogId>> logsOfEngines(@Nullable List<DescribableLogDirTopic> named) {
        Map<String, Set<LogId>> logsOfEngines = new HashMap<>();
        if (named == null) {
            topics.all().forEach(topic -> logsOf(topic, logsOfEngines)
                    .addAll(IntStream.range(0, topic.partitionCount())
                            .mapToObj(partition -> new LogId(topic.id(), topic.name(), partition))
                            .toList()));
            return logsOfEngines;
        }
        for (DescribableLogDirTopic wanted : named) {
            Topic topic = topics.find(wanted.topic());
            if (topic != null) {
                logsOf(topic, logsOfEngines)
                        .addAll(wanted.partitions().stream()
                                .filter(partition -> partition >= 0 && partition < topic.partitionCount())
                                .map(partition -> new LogId(topic.id(), topic.name(), partition))
                                .toList());
            }
        }
        return logsOfEngines;
    }

    private Set<LogId> logsOf(Topic topic, Map<String, Set<LogId>> logsOfEngines) {
        return logsOfEngines.computeIfAbsent(settings.inForce(topic, "storage.engine"), engine -> new HashSet<>());
    }

    /**
     * An engine's places with what they hold of the logs that are asked for. A partition that nobody has used yet may have no log: it is shown
     * as an empty one in the first place, since tools expect every partition somewhere; unless a place cannot be used, which may be where the log is.
     */
    private static List<DescribeLogDirsResult> describe(List<StorageLocation> locations, Set<LogId> logs) {
        Set<LogId> unused = new HashSet<>(logs);
        locations.forEach(
                location -> unused.removeAll(location.logSizesInBytes().keySet()));
        if (locations.stream().anyMatch(location -> location.failure() != null)) {
            unused.clear();
        }
        List<DescribeLogDirsResult> results = new ArrayList<>();
        for (StorageLocation location : locations) {
            Map<LogId, Long> sizes = new HashMap<>(location.logSizesInBytes());
            sizes.keySet().retainAll(logs);
            unused.forEach(log -> sizes.put(log, 0L));
            unused.clear();
            results.add(describe(location, sizes));
        }
        return results;
    }

    private static DescribeLogDirsResult describe(StorageLocation location, Map<LogId, Long> sizesInBytes) {
        Map<String, List<DescribeLogDirsPartition>> partitionsOfTopics = new TreeMap<>();
        sizesInBytes.entrySet().stream()
                .sorted(Comparator.comparingInt(log -> log.getKey().partition()))
                .forEach(log -> partitionsOfTopics
                        .computeIfAbsent(log.getKey().topic(), topic -> new ArrayList<>())
                        .add(DescribeLogDirsPartition.builder()
                                .partitionIndex(log.getKey().partition())
                                .partitionSize(log.getValue())
                                .build()));
        return DescribeLogDirsResult.builder()
                .errorCode(location.failure() == null ? ErrorCode.NONE : ErrorCode.KAFKA_STORAGE_ERROR)
                .logDir(location.name())
                .totalBytes(location.totalBytes())
                .usableBytes(location.usableBytes())
                .topics(partitionsOfTopics.entrySet().stream()
                        .map(topic -> DescribeLogDirsTopic.builder()
                                .name(topic.getKey())
                                .partitions(topic.getValue())
                                .build())
                        .toList())
                .build();
    }

    private static DescribeLogDirsResult unreadable(String engine, Throwable failure) {
        LOG.log(Level.WARNING, "storage engine " + engine + " cannot tell where its logs are", failure);
        return DescribeLogDirsResult.builder()
                .logDir(engine)
                .errorCode(ErrorCode.KAFKA_STORAGE_ERROR)
                .build();
    }

    @Override
    public DescribeLogDirsResponse failure(DescribeLogDirsRequest request, int version, ErrorCode error) {
        return DescribeLogDirsResponse.builder().errorCode(error).build();
    }
}
