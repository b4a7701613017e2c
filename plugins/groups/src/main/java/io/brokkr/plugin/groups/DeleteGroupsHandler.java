package io.brokkr.plugin.groups;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DeleteGroupsRequest;
import io.brokkr.protocol.message.DeleteGroupsResponse;
import io.brokkr.protocol.message.DeleteGroupsResponse.DeletableGroupResult;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Serves DeleteGroups. */
final class DeleteGroupsHandler implements ApiHandler<DeleteGroupsRequest> {

    private final Coordinators coordinators;
    private final Administration administration;

    DeleteGroupsHandler(Coordinators coordinators, Administration administration) {
        this.coordinators = coordinators;
        this.administration = administration;
    }

    @Override
    public Api<DeleteGroupsRequest> api() {
        return DeleteGroupsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, DeleteGroupsRequest request) {
        return Requests.all(request.groupsNames().stream()
                        .distinct()
                        .map(groupId -> delete(context, groupId))
                        .toList())
                .thenApply(results -> Response.of(
                        DeleteGroupsResponse.builder().results(results).build()));
    }

    private CompletionStage<DeletableGroupResult> delete(RequestContext context, String groupId) {
        if (!Requests.allows(context, Operation.DELETE, groupId)) {
            return CompletableFuture.completedStage(result(groupId, ErrorCode.GROUP_AUTHORIZATION_FAILED, null));
        }
        return coordinators
                .ask(groupId, decision -> {
                    administration.delete(decision, groupId);
                    return result(groupId, ErrorCode.NONE, null);
                })
                .exceptionally(failure -> {
                    ErrorCode error = Requests.errorOf(failure);
                    ApiException refusal = ApiException.in(failure);
                    return result(groupId, error, refusal == null ? null : refusal.getMessage());
                });
    }

    private static DeletableGroupResult result(String groupId, ErrorCode error, @Nullable String message) {
        return DeletableGroupResult.builder()
                .groupId(groupId)
                .errorCode(error)
                .errorMessage(message)
                .build();
    }

    @Override
    public DeleteGroupsResponse failure(DeleteGroupsRequest request, int version, ErrorCode error) {
        return DeleteGroupsResponse.builder()
                .results(request.groupsNames().stream()
                        .distinct()
                        .map(groupId -> result(groupId, error, null))
                        .toList())
                .build();
    }
}
