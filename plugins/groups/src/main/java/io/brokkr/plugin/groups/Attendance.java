package io.brokkr.plugin.groups;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.brokkr.protocol.message.LeaveGroupResponse.MemberResponse;
import io.brokkr.spi.ApiException;
import java.util.List;

/** Keeps members in their groups and lets them go: Heartbeat, LeaveGroup. Stateless; called on the shard's executor. */
final class Attendance {

    private final Rebalancing rebalancing;

    Attendance(Rebalancing rebalancing) {
        this.rebalancing = rebalancing;
    }

    /** What the member has to know: nothing, or that it must join again. */
    ErrorCode heartbeat(Decision decision, HeartbeatRequest request) {
        Group group = decision.groups().require(request.groupId(), ErrorCode.UNKNOWN_MEMBER_ID);
        Member member = group.require(request.memberId(), request.groupInstanceId());
        group.requireGeneration(request.generationId());
        member.touch();
        return group.is(GroupState.PREPARING_REBALANCE) ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    /** Lets members go, each with its own outcome. */
    List<MemberResponse> leave(Decision decision, String groupId, List<MemberIdentity> leaving) {
        Group group = decision.groups().find(groupId);
        return leaving.stream()
                .map(identity -> MemberResponse.builder()
                        .memberId(identity.memberId())
                        .groupInstanceId(identity.groupInstanceId())
                        .errorCode(group == null ? ErrorCode.UNKNOWN_MEMBER_ID : leave(decision, group, identity))
                        .build())
                .toList();
    }

    private ErrorCode leave(Decision decision, Group group, MemberIdentity identity) {
        if (group.expectNoMore(identity.memberId())) {
            rebalancing.pendingMemberGone(decision, group);
            return ErrorCode.NONE;
        }
        try {
            rebalancing.remove(decision, group, find(group, identity));
            return ErrorCode.NONE;
        } catch (ApiException refusal) {
            return refusal.error();
        }
    }

    /** An administrator removes a static member by its instance alone. */
    private static Member find(Group group, MemberIdentity identity) {
        String instanceId = identity.groupInstanceId();
        if (instanceId != null && identity.memberId().isEmpty()) {
            Member member = group.staticMember(instanceId);
            if (member == null) {
                throw new ApiException(
                        ErrorCode.UNKNOWN_MEMBER_ID, "group " + group.id() + " has no instance " + instanceId);
            }
            return member;
        }
        return group.require(identity.memberId(), instanceId);
    }
}
