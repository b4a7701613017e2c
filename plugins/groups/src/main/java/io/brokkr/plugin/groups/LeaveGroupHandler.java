package io.brokkr.plugin.groups;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.LeaveGroupRequest;
import io.brokkr.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.brokkr.protocol.message.LeaveGroupResponse;
import io.brokkr.protocol.message.LeaveGroupResponse.MemberResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Serves LeaveGroup: one member, or from version 3 on several at once (KIP-345). */
final class LeaveGroupHandler implements ApiHandler<LeaveGroupRequest> {

    private static final int FIRST_VERSION_OF_MANY = 3;

    private final Coordinators coordinators;
    private final Attendance attendance;

    LeaveGroupHandler(Coordinators coordinators, Attendance attendance) {
        this.coordinators = coordinators;
        this.attendance = attendance;
    }

    @Override
    public Api<LeaveGroupRequest> api() {
        return LeaveGroupRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, LeaveGroupRequest request) {
        Requests.requireAllowed(context, Operation.READ, request.groupId());
        Requests.requireGroupId(request.groupId());
        boolean many = context.apiVersion() >= FIRST_VERSION_OF_MANY;
        List<MemberIdentity> leaving = many
                ? request.members()
                : List.of(MemberIdentity.builder().memberId(request.memberId()).build());
        return coordinators
                .ask(request.groupId(), decision -> attendance.leave(decision, request.groupId(), leaving))
                .thenApply(left -> Response.of(many ? ofMany(left) : ofOne(left.get(0))));
    }

    private static LeaveGroupResponse ofMany(List<MemberResponse> left) {
        return LeaveGroupResponse.builder().members(left).build();
    }

    private static LeaveGroupResponse ofOne(MemberResponse left) {
        return LeaveGroupResponse.builder().errorCode(left.errorCode()).build();
    }

    @Override
    public LeaveGroupResponse failure(LeaveGroupRequest request, int version, ErrorCode error) {
        return LeaveGroupResponse.builder().errorCode(error).build();
    }
}
