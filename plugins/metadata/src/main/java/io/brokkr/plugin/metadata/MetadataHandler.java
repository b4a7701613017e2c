package io.brokkr.plugin.metadata;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.MetadataRequest;
import io.brokkr.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.brokkr.protocol.message.MetadataResponse;
import io.brokkr.protocol.message.MetadataResponse.MetadataResponseBroker;
import io.brokkr.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.brokkr.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Cluster;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Serves Metadata: the brokers, and of each topic that the client asks for the leader of each partition. */
final class MetadataHandler implements ApiHandler<MetadataRequest> {

    /** Before it, an empty list of topics means all of them, because it cannot be null. */
    private static final int FIRST_VERSION_WITH_NULL_TOPICS = 1;

    /** The versions 10 and 11 have the fields, but Kafka serves ids from here on. */
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 12;

    private final Cluster cluster;
    private final TopicLookup lookup;

    MetadataHandler(Cluster cluster, TopicLookup lookup) {
        this.cluster = cluster;
        this.lookup = lookup;
    }

    @Override
    public Api<MetadataRequest> api() {
        return MetadataRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, MetadataRequest request) {
        int version = context.apiVersion();
        List<MetadataRequestTopic> wanted = request.topics();
        if (wanted == null || (version < FIRST_VERSION_WITH_NULL_TOPICS && wanted.isEmpty())) {
            return Response.completed(response(
                    context,
                    request,
                    lookup.all(context)
                            .map(topic -> describe(context, topic, request))
                            .toList()));
        }
        wanted.forEach(topic -> checkNaming(topic, version));
        List<CompletableFuture<MetadataResponseTopic>> answers = wanted.stream()
                .distinct()
                .map(topic -> find(context, topic, request).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> Response.of(response(
                        context,
                        request,
                        answers.stream().map(CompletableFuture::join).toList())));
    }

    private static void checkNaming(MetadataRequestTopic topic, int version) {
        boolean hasId = !topic.topicId().equals(Message.ZERO_UUID);
        if (version < FIRST_VERSION_WITH_TOPIC_IDS && (hasId || topic.name() == null)) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "version " + version + " of Metadata finds topics by their names alone");
        }
        if (!hasId && topic.name() == null) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "a topic in the request has neither a name nor an id");
        }
    }

    private CompletionStage<MetadataResponseTopic> find(
            RequestContext context, MetadataRequestTopic wanted, MetadataRequest request) {
        String name = wanted.name();
        CompletionStage<Topic> found = name == null || !wanted.topicId().equals(Message.ZERO_UUID)
                ? lookup.byId(context, wanted.topicId())
                : lookup.byName(context, name, request.allowAutoTopicCreation());
        return found.handle((topic, failure) ->
                failure == null ? describe(context, topic, request) : error(wanted, ApiException.errorOf(failure)));
    }

    private MetadataResponse response(
            RequestContext context, MetadataRequest request, List<MetadataResponseTopic> topics) {
        return MetadataResponse.builder()
                .brokers(cluster.brokers(context.listener()).stream()
                        .map(MetadataHandler::describe)
                        .toList())
                .clusterId(cluster.id())
                .controllerId(cluster.controllerId())
                .topics(topics)
                .clusterAuthorizedOperations(
                        request.includeClusterAuthorizedOperations()
                                ? AuthorizedOperations.onCluster(context)
                                : AuthorizedOperations.NOT_ASKED)
                .build();
    }

    private static MetadataResponseBroker describe(Cluster.Broker broker) {
        return MetadataResponseBroker.builder()
                .nodeId(broker.id())
                .host(broker.host())
                .port(broker.port())
                .rack(broker.rack())
                .build();
    }

    private MetadataResponseTopic describe(RequestContext context, Topic topic, MetadataRequest request) {
        List<Integer> replicas = List.of(cluster.brokerId());
        return MetadataResponseTopic.builder()
                .name(topic.name())
                .topicId(topic.id())
                .isInternal(topic.internal())
                .partitions(IntStream.range(0, topic.partitionCount())
                        .mapToObj(partition -> describe(topic, partition, replicas))
                        .toList())
                .topicAuthorizedOperations(
                        request.includeTopicAuthorizedOperations()
                                ? AuthorizedOperations.onTopic(context, topic.name())
                                : AuthorizedOperations.NOT_ASKED)
                .build();
    }

    private static MetadataResponsePartition describe(Topic topic, int partition, List<Integer> replicas) {
        return MetadataResponsePartition.builder()
                .partitionIndex(partition)
                .leaderId(replicas.get(0))
                .leaderEpoch(topic.leaderEpoch(partition))
                .replicaNodes(replicas)
                .isrNodes(replicas)
                .build();
    }

    /** A topic that could not be found: named as the client named it, since that is how the client finds the answer. */
    private static MetadataResponseTopic error(MetadataRequestTopic wanted, ErrorCode error) {
        return MetadataResponseTopic.builder()
                .errorCode(error)
                .name(wanted.name())
                .topicId(wanted.topicId())
                .build();
    }

    /** Old versions have room for an error in topics alone, and their topics must have a name. */
    @Override
    public MetadataResponse failure(MetadataRequest request, int version, ErrorCode error) {
        List<MetadataRequestTopic> wanted = request.topics() == null ? List.of() : request.topics();
        return MetadataResponse.builder()
                .errorCode(error)
                .topics(wanted.stream()
                        .map(topic -> topic.name() == null && version < FIRST_VERSION_WITH_TOPIC_IDS
                                ? error(topic, error).toBuilder().name("").build()
                                : error(topic, error))
                        .toList())
                .build();
    }
}
