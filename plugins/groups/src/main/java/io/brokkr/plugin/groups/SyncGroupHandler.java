package io.brokkr.plugin.groups;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.SyncGroupRequest;
import io.brokkr.protocol.message.SyncGroupResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import java.util.concurrent.CompletionStage;

/** Serves SyncGroup: answers when the leader's assignment is safe. */
final class SyncGroupHandler implements ApiHandler<SyncGroupRequest> {

    private final Coordinators coordinators;
    private final Syncing syncing;

    SyncGroupHandler(Coordinators coordinators, Syncing syncing) {
        this.coordinators = coordinators;
        this.syncing = syncing;
    }

    @Override
    public Api<SyncGroupRequest> api() {
        return SyncGroupRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, SyncGroupRequest request) {
        Requests.requireAllowed(context, Operation.READ, request.groupId());
        Requests.requireGroupId(request.groupId());
        return coordinators
                .<SyncGroupResponse>decide(
                        request.groupId(), (decision, answer) -> syncing.sync(decision, request, answer))
                .thenApply(Response::of);
    }

    /** A rebalance does not survive a load, so that the member has to join again; which old clients know only by this error. */
    @Override
    public SyncGroupResponse failure(SyncGroupRequest request, int version, ErrorCode error) {
        return SyncGroupResponse.builder()
                .errorCode(error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.REBALANCE_IN_PROGRESS : error)
                .build();
    }
}
