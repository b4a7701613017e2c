package io.brokkr.plugin.groups;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeGroupsRequest;
import io.brokkr.protocol.message.DescribeGroupsResponse;
import io.brokkr.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.util.concurrent.CompletionStage;

/** Serves DescribeGroups. */
final class DescribeGroupsHandler implements ApiHandler<DescribeGroupsRequest> {

    /** The first version that says that there is no such group; before, such a group is dead (KIP-1043). */
    private static final int FIRST_VERSION_WITH_UNKNOWN_GROUP = 6;

    /** Read, delete, describe, describe and alter configuration: one bit for the code of each operation (KIP-430). */
    private static final int ALL_OPERATIONS = 1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11;

    private final Coordinators coordinators;
    private final Administration administration;

    DescribeGroupsHandler(Coordinators coordinators, Administration administration) {
        this.coordinators = coordinators;
        this.administration = administration;
    }

    @Override
    public Api<DescribeGroupsRequest> api() {
        return DescribeGroupsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, DescribeGroupsRequest request) {
        return Requests.all(request.groups().stream()
                        .map(groupId -> describe(groupId, context.apiVersion(), request))
                        .toList())
                .thenApply(described -> Response.of(
                        DescribeGroupsResponse.builder().groups(described).build()));
    }

    private CompletionStage<DescribedGroup> describe(String groupId, int version, DescribeGroupsRequest request) {
        return coordinators
                .ask(groupId, decision -> administration.describe(decision, groupId))
                .thenApply(found -> allow(found.orElseGet(() -> unknown(groupId, version)), request))
                .exceptionally(failure -> failed(groupId, Requests.errorOf(failure)));
    }

    private static DescribedGroup allow(DescribedGroup group, DescribeGroupsRequest request) {
        return request.includeAuthorizedOperations()
                ? group.toBuilder().authorizedOperations(ALL_OPERATIONS).build()
                : group;
    }

    private static DescribedGroup unknown(String groupId, int version) {
        DescribedGroup.Builder dead = DescribedGroup.builder().groupId(groupId).groupState(GroupState.DEAD.label());
        if (version >= FIRST_VERSION_WITH_UNKNOWN_GROUP) {
            dead.errorCode(ErrorCode.GROUP_ID_NOT_FOUND).errorMessage("There is no group " + groupId + ".");
        }
        return dead.build();
    }

    private static DescribedGroup failed(String groupId, ErrorCode error) {
        return DescribedGroup.builder().groupId(groupId).errorCode(error).build();
    }

    @Override
    public DescribeGroupsResponse failure(DescribeGroupsRequest request, int version, ErrorCode error) {
        return DescribeGroupsResponse.builder()
                .groups(request.groups().stream()
                        .map(groupId -> failed(groupId, error))
                        .toList())
                .build();
    }
}
