package io.brokkr.plugin.groups;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.FindCoordinatorRequest;
import io.brokkr.protocol.message.FindCoordinatorResponse;
import io.brokkr.protocol.message.FindCoordinatorResponse.Coordinator;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Cluster;
import io.brokkr.spi.Cluster.Broker;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Serves FindCoordinator. The one broker coordinates all groups; the offsets topic is created on the way, so that the coordinator is there for the
 * first group as for any other.
 *
 * <p>There are no coordinators of transactions and share groups. A client that asks for one is told at once that it asks for the wrong thing
 * ({@code INVALID_REQUEST}, fatal to it) and not to try again until it runs out of patience ({@code COORDINATOR_NOT_AVAILABLE}).
 */
final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequest> {

    private static final byte GROUP = 0;

    /** The first version that asks for several coordinators at once (KIP-699). */
    private static final int FIRST_VERSION_OF_MANY = 4;

    private static final int NO_BROKER = -1;

    private final Cluster cluster;
    private final OffsetsTopic topic;

    FindCoordinatorHandler(Cluster cluster, OffsetsTopic topic) {
        this.cluster = cluster;
        this.topic = topic;
    }

    @Override
    public Api<FindCoordinatorRequest> api() {
        return FindCoordinatorRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, FindCoordinatorRequest request) {
        int version = context.apiVersion();
        if (request.keyType() != GROUP) {
            return Response.completed(refusal(
                    request,
                    version,
                    ErrorCode.INVALID_REQUEST,
                    "this broker coordinates groups (0), and nothing of key type " + request.keyType()));
        }
        List<String> keys = version >= FIRST_VERSION_OF_MANY ? request.coordinatorKeys() : List.of(request.key());
        Set<String> visible = keys.stream()
                .filter(key -> Requests.allows(context, Operation.DESCRIBE, key))
                .collect(Collectors.toSet());
        if (visible.isEmpty()) {
            return Response.completed(refusal(request, version, ErrorCode.GROUP_AUTHORIZATION_FAILED, null));
        }
        return topic.findOrCreate().handle((found, failure) -> {
            Function<String, Coordinator> answer = failure == null ? at(self(context.listener())) : refusing(failure);
            return Response.of(response(
                    request,
                    version,
                    key -> visible.contains(key)
                            ? answer.apply(key)
                            : refused(key, ErrorCode.GROUP_AUTHORIZATION_FAILED, null)));
        });
    }

    private Broker self(String listener) {
        return cluster.brokers(listener).stream()
                .filter(broker -> broker.id() == cluster.brokerId())
                .findFirst()
                .orElseThrow(() -> new ApiException(
                        ErrorCode.COORDINATOR_NOT_AVAILABLE, "this broker has no address on listener " + listener));
    }

    private static Function<String, Coordinator> at(Broker broker) {
        return key -> Coordinator.builder()
                .key(key)
                .nodeId(broker.id())
                .host(broker.host())
                .port(broker.port())
                .build();
    }

    private static Function<String, Coordinator> refusing(Throwable failure) {
        ApiException refusal = CoordinatorErrors.ofTopic(failure);
        return key -> refused(key, refusal.error(), refusal.getMessage());
    }

    private static Coordinator refused(String key, ErrorCode error, @Nullable String message) {
        return Coordinator.builder()
                .key(key)
                .nodeId(NO_BROKER)
                .port(NO_BROKER)
                .errorCode(error)
                .errorMessage(message)
                .build();
    }

    private static FindCoordinatorResponse refusal(
            FindCoordinatorRequest request, int version, ErrorCode error, @Nullable String message) {
        return response(request, version, key -> refused(key, error, message));
    }

    /** The answer for each key, in the form of the version. */
    private static FindCoordinatorResponse response(
            FindCoordinatorRequest request, int version, Function<String, Coordinator> answer) {
        if (version >= FIRST_VERSION_OF_MANY) {
            return FindCoordinatorResponse.builder()
                    .coordinators(request.coordinatorKeys().stream().map(answer).toList())
                    .build();
        }
        Coordinator only = answer.apply(request.key());
        return FindCoordinatorResponse.builder()
                .nodeId(only.nodeId())
                .host(only.host())
                .port(only.port())
                .errorCode(only.errorCode())
                .errorMessage(only.errorMessage())
                .build();
    }

    @Override
    public FindCoordinatorResponse failure(FindCoordinatorRequest request, int version, ErrorCode error) {
        return refusal(request, version, error, null);
    }
}
