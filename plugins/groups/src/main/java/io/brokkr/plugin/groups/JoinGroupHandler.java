package io.brokkr.plugin.groups;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.JoinGroupRequest;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import java.util.concurrent.CompletionStage;

/** Serves JoinGroup: answers when the rebalance that it takes part in has all its members. */
final class JoinGroupHandler implements ApiHandler<JoinGroupRequest> {

    private final Coordinators coordinators;
    private final Joining joining;

    JoinGroupHandler(Coordinators coordinators, Joining joining) {
        this.coordinators = coordinators;
        this.joining = joining;
    }

    @Override
    public Api<JoinGroupRequest> api() {
        return JoinGroupRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, JoinGroupRequest request) {
        Requests.requireAllowed(context, Operation.READ, request.groupId());
        Requests.requireGroupId(request.groupId());
        return coordinators
                .<JoinGroupResponse>decide(
                        request.groupId(),
                        (decision, answer) ->
                                joining.join(decision, request, context.apiVersion(), Requests.client(context), answer))
                .thenApply(Response::of);
    }

    @Override
    public JoinGroupResponse failure(JoinGroupRequest request, int version, ErrorCode error) {
        return JoinGroupResponse.builder()
                .errorCode(error)
                .protocolName("")
                .memberId(request.memberId())
                .build();
    }
}
