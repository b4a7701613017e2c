package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.OffsetLookup.FoundTopic;
import io.brokkr.plugin.groups.OffsetLookup.WantedTopic;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.OffsetFetchRequest;
import io.brokkr.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.brokkr.protocol.message.OffsetFetchResponse;
import io.brokkr.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Serves OffsetFetch: one group, or from version 8 on several at once (KIP-709). There are no transactions, so that every offset is a stable one and
 * {@code RequireStable} is always kept.
 */
final class OffsetFetchHandler implements ApiHandler<OffsetFetchRequest> {

    private static final int FIRST_VERSION_OF_MANY = 8;

    private final Coordinators coordinators;
    private final OffsetLookup lookup;

    OffsetFetchHandler(Coordinators coordinators, OffsetLookup lookup) {
        this.coordinators = coordinators;
        this.lookup = lookup;
    }

    @Override
    public Api<OffsetFetchRequest> api() {
        return OffsetFetchRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, OffsetFetchRequest request) {
        int version = context.apiVersion();
        if (version < FIRST_VERSION_OF_MANY) {
            Requests.requireAllowed(context, Operation.DESCRIBE, request.groupId());
            return find(context, request.groupId(), OffsetFetchFormat.wanted(request))
                    .thenApply(found -> Response.of(OffsetFetchFormat.ofOne(found, version)));
        }
        return Requests.all(request.groups().stream()
                        .map(group -> find(context, group))
                        .toList())
                .thenApply(groups ->
                        Response.of(OffsetFetchResponse.builder().groups(groups).build()));
    }

    private CompletionStage<OffsetFetchResponseGroup> find(RequestContext context, OffsetFetchRequestGroup group) {
        if (!Requests.allows(context, Operation.DESCRIBE, group.groupId())) {
            return CompletableFuture.completedStage(
                    OffsetFetchFormat.refusal(group.groupId(), ErrorCode.GROUP_AUTHORIZATION_FAILED));
        }
        return find(context, group.groupId(), OffsetFetchFormat.wanted(group))
                .thenApply(found -> OffsetFetchFormat.ofMany(group.groupId(), found))
                .exceptionally(failure -> OffsetFetchFormat.refusal(group.groupId(), Requests.errorOf(failure)));
    }

    private CompletionStage<List<FoundTopic>> find(
            RequestContext context, String groupId, @Nullable List<WantedTopic> wanted) {
        return coordinators.ask(
                groupId,
                decision -> lookup.find(
                        decision, groupId, wanted, topic -> context.allows(Operation.DESCRIBE, Resource.topic(topic))));
    }

    @Override
    public OffsetFetchResponse failure(OffsetFetchRequest request, int version, ErrorCode error) {
        return version < FIRST_VERSION_OF_MANY
                ? OffsetFetchFormat.refusal(request, version, error)
                : OffsetFetchResponse.builder()
                        .groups(request.groups().stream()
                                .map(group -> OffsetFetchFormat.refusal(group.groupId(), error))
                                .toList())
                        .build();
    }
}
