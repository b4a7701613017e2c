package io.brokkr.plugin.groups;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.ListGroupsRequest;
import io.brokkr.protocol.message.ListGroupsResponse;
import io.brokkr.protocol.message.ListGroupsResponse.ListedGroup;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Serves ListGroups, which has all shards read their groups. Who may not see the whole cluster is told of the groups that it may see. */
final class ListGroupsHandler implements ApiHandler<ListGroupsRequest> {

    private final Coordinators coordinators;
    private final Administration administration;

    ListGroupsHandler(Coordinators coordinators, Administration administration) {
        this.coordinators = coordinators;
        this.administration = administration;
    }

    @Override
    public Api<ListGroupsRequest> api() {
        return ListGroupsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, ListGroupsRequest request) {
        boolean all = context.allows(Operation.DESCRIBE, Resource.CLUSTER);
        List<CompletionStage<List<ListedGroup>>> lists = coordinators.all().stream()
                .map(shard -> shard.ask(administration::list))
                .toList();
        return Requests.all(lists)
                .thenApply(found -> Response.of(ListGroupsResponse.builder()
                        .groups(found.stream()
                                .flatMap(List::stream)
                                .filter(group -> passes(request.statesFilter(), group.groupState()))
                                .filter(group -> passes(request.typesFilter(), group.groupType()))
                                .filter(group -> all || Requests.allows(context, Operation.DESCRIBE, group.groupId()))
                                .toList())
                        .build()));
    }

    /** A filter with nothing in it lets everything pass; upper and lower case do not count. */
    private static boolean passes(List<String> filter, String value) {
        return filter.isEmpty()
                || filter.stream().anyMatch(allowed -> allowed.strip().equalsIgnoreCase(value));
    }

    @Override
    public ListGroupsResponse failure(ListGroupsRequest request, int version, ErrorCode error) {
        return ListGroupsResponse.builder().errorCode(error).build();
    }
}
