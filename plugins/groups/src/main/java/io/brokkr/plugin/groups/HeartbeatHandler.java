package io.brokkr.plugin.groups;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.HeartbeatResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import java.util.concurrent.CompletionStage;

/** Serves Heartbeat. */
final class HeartbeatHandler implements ApiHandler<HeartbeatRequest> {

    private final Coordinators coordinators;
    private final Attendance attendance;

    HeartbeatHandler(Coordinators coordinators, Attendance attendance) {
        this.coordinators = coordinators;
        this.attendance = attendance;
    }

    @Override
    public Api<HeartbeatRequest> api() {
        return HeartbeatRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, HeartbeatRequest request) {
        Requests.requireAllowed(context, Operation.READ, request.groupId());
        Requests.requireGroupId(request.groupId());
        return coordinators
                .ask(request.groupId(), decision -> attendance.heartbeat(decision, request))
                .thenApply(error -> Response.of(response(error)));
    }

    private static HeartbeatResponse response(ErrorCode error) {
        return HeartbeatResponse.builder().errorCode(error).build();
    }

    /** While the groups are being read, nobody is dead and nothing has changed: the member may go on. */
    @Override
    public HeartbeatResponse failure(HeartbeatRequest request, int version, ErrorCode error) {
        return response(error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : error);
    }
}
