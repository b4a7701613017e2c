package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.DeleteTopicsRequest;
import io.brokkr.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.brokkr.protocol.message.DeleteTopicsResponse;
import io.brokkr.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.Topic;
import io.brokkr.spi.Topics;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Serves DeleteTopics. Until version 5 topics go by their names, from version 6 on by their names or by their ids. */
final class DeleteTopicsHandler implements ApiHandler<DeleteTopicsRequest> {

    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 6;

    private final Topics topics;
    private final Scheduler scheduler;

    DeleteTopicsHandler(Topics topics, Scheduler scheduler) {
        this.topics = topics;
        this.scheduler = scheduler;
    }

    /**
     * How a client names a topic.
     *
     * @param name null if the client gave an id
     * @param id zero if the client gave a name
     */
    private record Target(@Nullable String name, UUID id) {

        boolean hasId() {
            return !id.equals(Message.ZERO_UUID);
        }
    }

    /**
     * What a client wants deleted, as far as it may know of it.
     *
     * @param visible whether it may know if there is such a topic
     * @param topic null if there is none, or none that the client may know of
     */
    private record Wish(Target target, boolean visible, @Nullable Topic topic) {}

    @Override
    public Api<DeleteTopicsRequest> api() {
        return DeleteTopicsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, DeleteTopicsRequest request) {
        Deadline deadline = Deadline.ofMillis(request.timeoutMs(), scheduler);
        List<Target> targets = targets(request, context.apiVersion());
        Set<Target> repeated = Repeated.keys(targets, Function.identity());
        List<Wish> wishes = Repeated.firstOfEach(targets, Function.identity()).stream()
                .map(target -> wish(context, target))
                .toList();
        Set<UUID> ambiguous = ambiguousIds(wishes);
        return Stages.mapAll(wishes, wish -> Stages.attempt(() -> {
                            checkNaming(wish.target(), repeated);
                            Topic topic = deletable(context, wish, ambiguous);
                            return deadline.await(topics.delete(topic.id()));
                        })
                        .handle((deleted, failure) -> result(wish.target(), wish.topic(), Outcome.ofNullable(failure))))
                .thenApply(results -> Response.of(
                        DeleteTopicsResponse.builder().responses(results).build()));
    }

    private static List<Target> targets(DeleteTopicsRequest request, int version) {
        return version >= FIRST_VERSION_WITH_TOPIC_IDS
                ? request.topics().stream()
                        .map((DeleteTopicState topic) -> new Target(topic.name(), topic.topicId()))
                        .toList()
                : request.topicNames().stream()
                        .map(name -> new Target(name, Message.ZERO_UUID))
                        .toList();
    }

    private Wish wish(RequestContext context, Target target) {
        Topic topic = target.name() != null ? topics.find(target.name()) : topics.find(target.id());
        String name = topic == null ? target.name() : topic.name();
        boolean visible = name != null
                && (context.allows(Operation.DELETE, Resource.CLUSTER)
                        || Rights.onTopic(context, Operation.DESCRIBE, name));
        return new Wish(target, visible, visible ? topic : null);
    }

    /** The ids of the topics that the request names more than once, be it by name or by id. */
    private static Set<UUID> ambiguousIds(List<Wish> wishes) {
        Set<UUID> seen = new HashSet<>();
        return wishes.stream()
                .map(Wish::topic)
                .filter(topic -> topic != null && !seen.add(topic.id()))
                .map(Topic::id)
                .collect(Collectors.toSet());
    }

    private static void checkNaming(Target target, Set<Target> repeated) {
        if (repeated.contains(target)) {
            throw namedTwice();
        }
        if (target.name() != null && target.hasId()) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "a topic goes by its name or by its id, not by both");
        }
        if (target.name() == null && !target.hasId()) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "a topic in the request has neither a name nor an id");
        }
    }

    /** Who may not know of a topic hears the same whether or not there is one: of a name, that it is not allowed; of an id, that it is unknown. */
    private static Topic deletable(RequestContext context, Wish wish, Set<UUID> ambiguous) {
        Target target = wish.target();
        Topic topic = wish.topic();
        if (target.name() != null && !wish.visible()) {
            throw Rights.refusal(Operation.DELETE);
        }
        if (topic == null) {
            throw target.hasId()
                    ? new ApiException(ErrorCode.UNKNOWN_TOPIC_ID, "there is no topic with the id " + target.id())
                    : new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no topic " + target.name());
        }
        if (!Rights.onClusterOrTopic(context, Operation.DELETE, topic.name())) {
            throw Rights.refusal(Operation.DELETE);
        }
        if (ambiguous.contains(topic.id())) {
            throw namedTwice();
        }
        return topic;
    }

    private static ApiException namedTwice() {
        return new ApiException(ErrorCode.INVALID_REQUEST, "the request names the topic more than once");
    }

    private static DeletableTopicResult result(Target target, @Nullable Topic topic, Outcome outcome) {
        boolean byId = target.name() == null && topic != null;
        return DeletableTopicResult.builder()
                .name(byId ? topic.name() : target.name())
                .topicId(outcome.isDone() && topic != null ? topic.id() : target.id())
                .errorCode(outcome.error())
                .errorMessage(outcome.message())
                .build();
    }

    @Override
    public DeleteTopicsResponse failure(DeleteTopicsRequest request, int version, ErrorCode error) {
        Outcome outcome = new Outcome(error, null);
        return DeleteTopicsResponse.builder()
                .responses(Repeated.firstOfEach(targets(request, version), Function.identity()).stream()
                        .map(target -> result(target, null, outcome))
                        .toList())
                .build();
    }
}
