package io.brokkr.plugin.groups;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.OffsetCommitRequest;
import io.brokkr.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.brokkr.protocol.message.OffsetCommitResponse;
import io.brokkr.protocol.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.brokkr.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Serves OffsetCommit. Version 0 went to ZooKeeper in its time; its offsets are kept where all are, and without a member, since that version has none.
 */
final class OffsetCommitHandler implements ApiHandler<OffsetCommitRequest> {

    private final Coordinators coordinators;
    private final Committing committing;
    private final CommitInspection inspection;

    OffsetCommitHandler(Coordinators coordinators, Committing committing, CommitInspection inspection) {
        this.coordinators = coordinators;
        this.committing = committing;
        this.inspection = inspection;
    }

    @Override
    public Api<OffsetCommitRequest> api() {
        return OffsetCommitRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, OffsetCommitRequest request) {
        int version = context.apiVersion();
        Requests.requireAllowed(context, Operation.READ, request.groupId());
        Map<String, Boolean> asked = new HashMap<>();
        Predicate<String> readable =
                topic -> asked.computeIfAbsent(topic, name -> context.allows(Operation.READ, Resource.topic(name)));
        CommitInspection.Result atFirst = inspection.inspect(request, version, readable);
        if (atFirst.offsets().isEmpty()) {
            return Response.completed(response(atFirst, ErrorCode.NONE));
        }
        return coordinators
                .ask(request.groupId(), decision -> commit(decision, request, version, readable))
                .handle((inspected, failure) -> Response.of(
                        failure == null
                                ? response(inspected, ErrorCode.NONE)
                                : response(atFirst, Requests.errorOf(failure))));
    }

    /** Looks again where it is decided: a topic that was deleted since must not get an offset after its offsets were forgotten. */
    private CommitInspection.Result commit(
            Decision decision, OffsetCommitRequest request, int version, Predicate<String> readable) {
        CommitInspection.Result inspected = inspection.inspect(request, version, readable);
        committing.commit(decision, request, version, inspected.offsets());
        return inspected;
    }

    /** The response, with the error of all those offsets that are not at fault themselves. */
    private static OffsetCommitResponse response(CommitInspection.Result inspected, ErrorCode otherwise) {
        return OffsetCommitResponse.builder()
                .topics(inspected.topics().stream()
                        .map(topic -> response(topic, otherwise))
                        .toList())
                .build();
    }

    private static OffsetCommitResponseTopic response(CommitInspection.InspectedTopic inspected, ErrorCode otherwise) {
        return response(inspected.topic(), index -> {
            ErrorCode own = inspected.errors().get(index);
            return own == ErrorCode.NONE ? otherwise : own;
        });
    }

    private static OffsetCommitResponseTopic response(
            OffsetCommitRequestTopic topic, Function<Integer, ErrorCode> errorAt) {
        OffsetCommitResponsePartition[] partitions =
                new OffsetCommitResponsePartition[topic.partitions().size()];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = OffsetCommitResponsePartition.builder()
                    .partitionIndex(topic.partitions().get(i).partitionIndex())
                    .errorCode(errorAt.apply(i))
                    .build();
        }
        return OffsetCommitResponseTopic.builder()
                .name(topic.name())
                .topicId(topic.topicId())
                .partitions(List.of(partitions))
                .build();
    }

    @Override
    public OffsetCommitResponse failure(OffsetCommitRequest request, int version, ErrorCode error) {
        return OffsetCommitResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> response(topic, index -> error))
                        .toList())
                .build();
    }
}
