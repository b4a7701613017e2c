package io.brokkr.plugin.groups;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.OffsetDeleteRequest;
import io.brokkr.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.brokkr.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.brokkr.protocol.message.OffsetDeleteResponse;
import io.brokkr.protocol.message.OffsetDeleteResponse.OffsetDeleteResponsePartition;
import io.brokkr.protocol.message.OffsetDeleteResponse.OffsetDeleteResponseTopic;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.Topics;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Serves OffsetDelete (KIP-496). */
final class OffsetDeleteHandler implements ApiHandler<OffsetDeleteRequest> {

    private final Coordinators coordinators;
    private final Committing committing;
    private final Topics topics;

    OffsetDeleteHandler(Coordinators coordinators, Committing committing, Topics topics) {
        this.coordinators = coordinators;
        this.committing = committing;
        this.topics = topics;
    }

    @Override
    public Api<OffsetDeleteRequest> api() {
        return OffsetDeleteRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, OffsetDeleteRequest request) {
        Requests.requireAllowed(context, Operation.DELETE, request.groupId());
        Requests.requireGroupId(request.groupId());
        Set<String> readable = request.topics().stream()
                .map(OffsetDeleteRequestTopic::name)
                .filter(name -> context.allows(Operation.READ, Resource.topic(name)))
                .collect(Collectors.toSet());
        List<TopicPartition> known = request.topics().stream()
                .filter(topic -> readable.contains(topic.name()))
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partitionIndex())))
                .filter(this::exists)
                .distinct()
                .toList();
        return coordinators
                .ask(request.groupId(), decision -> committing.delete(decision, request.groupId(), known))
                .thenApply(errors -> Response.of(response(request, readable, known, errors)));
    }

    private boolean exists(TopicPartition partition) {
        Topic topic = topics.find(partition.topic());
        return topic != null && partition.partition() >= 0 && partition.partition() < topic.partitionCount();
    }

    private static OffsetDeleteResponse response(
            OffsetDeleteRequest request, Set<String> readable, List<TopicPartition> known, List<ErrorCode> errors) {
        Map<TopicPartition, ErrorCode> outcomes = new HashMap<>();
        for (int i = 0; i < known.size(); i++) {
            outcomes.put(known.get(i), errors.get(i));
        }
        return OffsetDeleteResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> response(
                                topic,
                                outcomes,
                                readable.contains(topic.name())
                                        ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                                        : ErrorCode.TOPIC_AUTHORIZATION_FAILED))
                        .toList())
                .build();
    }

    private static OffsetDeleteResponseTopic response(
            OffsetDeleteRequestTopic topic, Map<TopicPartition, ErrorCode> outcomes, ErrorCode otherwise) {
        return OffsetDeleteResponseTopic.builder()
                .name(topic.name())
                .partitions(topic.partitions().stream()
                        .map(OffsetDeleteRequestPartition::partitionIndex)
                        .map(index -> OffsetDeleteResponsePartition.builder()
                                .partitionIndex(index)
                                .errorCode(outcomes.getOrDefault(new TopicPartition(topic.name(), index), otherwise))
                                .build())
                        .toList())
                .build();
    }

    @Override
    public OffsetDeleteResponse failure(OffsetDeleteRequest request, int version, ErrorCode error) {
        return OffsetDeleteResponse.builder().errorCode(error).build();
    }
}
