package io.brokkr.plugin.groups;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeGroupsRequest;
import io.brokkr.protocol.message.DescribeGroupsResponse;
import io.brokkr.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Serves DescribeGroups. */
final class DescribeGroupsHandler implements ApiHandler<DescribeGroupsRequest> {

    /** The first version that says that there is no such group; before, such a group is dead (KIP-1043). */
    private static final int FIRST_VERSION_WITH_UNKNOWN_GROUP = 6;

    /** What can be done with a group, as Kafka has it. */
    private static final List<Operation> OPERATIONS = List.of(
            Operation.READ, Operation.DELETE, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS, Operation.ALTER_CONFIGS);

    /** The operations were not asked for. */
    private static final int UNKNOWN_OPERATIONS = Integer.MIN_VALUE;

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
                        .map(groupId -> describe(groupId, context, request))
                        .toList())
                .thenApply(described -> Response.of(
                        DescribeGroupsResponse.builder().groups(described).build()));
    }

    private CompletionStage<DescribedGroup> describe(
            String groupId, RequestContext context, DescribeGroupsRequest request) {
        if (!Requests.allows(context, Operation.DESCRIBE, groupId)) {
            return CompletableFuture.completedStage(failed(groupId, ErrorCode.GROUP_AUTHORIZATION_FAILED));
        }
        int operations =
                request.includeAuthorizedOperations() ? allowedOperations(groupId, context) : UNKNOWN_OPERATIONS;
        return coordinators
                .ask(groupId, decision -> administration.describe(decision, groupId))
                .thenApply(found -> found.orElseGet(() -> unknown(groupId, context.apiVersion())))
                .thenApply(group -> withOperations(group, operations))
                .exceptionally(failure -> failed(groupId, Requests.errorOf(failure)));
    }

    /** What the client may do with a group: one bit for the code of each operation (KIP-430). */
    private static int allowedOperations(String groupId, RequestContext context) {
        return OPERATIONS.stream()
                .filter(operation -> Requests.allows(context, operation, groupId))
                .mapToInt(operation -> 1 << operation.code())
                .sum();
    }

    /** Of a group that could not be described, nobody is told the operations. */
    private static DescribedGroup withOperations(DescribedGroup group, int operations) {
        return group.errorCode() == ErrorCode.NONE.code()
                ? group.toBuilder().authorizedOperations(operations).build()
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
