package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.CoordinatorEvent.GroupWritten;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.protocol.message.JoinGroupResponse.JoinGroupResponseMember;
import io.brokkr.spi.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes groups from one generation to the next.
 *
 * <pre>
 *              a member comes, goes, or changes its mind
 *   EMPTY ─────────────────► PREPARING ◄──────────────── STABLE
 *     ▲                       │     ▲                      ▲
 *     └── nobody joined ──────┤     │ likewise             │ the leader assigned
 *                             └─────┴──► COMPLETING ───────┘
 *                    all joined, or time is up
 * </pre>
 *
 * <p>Stateless; called on the shard's executor.
 */
final class Rebalancing {

    private final GroupSettings settings;
    private final Clock clock;

    Rebalancing(GroupSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Goes on after a member was added or has changed. */
    void memberJoined(Decision decision, Group group) {
        if (group.is(GroupState.PREPARING_REBALANCE)) {
            completeJoinIfAllHaveJoined(decision, group);
        } else {
            prepare(decision, group);
        }
    }

    /** Calls the members together. */
    void prepare(Decision decision, Group group) {
        for (Member member : group.members()) {
            member.owesSync(false);
            decision.refuse(member.takeAwaitingSync(), ErrorCode.REBALANCE_IN_PROGRESS, "another rebalance has begun");
        }
        boolean first = group.is(GroupState.EMPTY);
        group.enter(GroupState.PREPARING_REBALANCE);
        group.rebalance().cancel();
        if (first && !settings.initialRebalanceDelay().isZero()) {
            group.rebalance().startFirst(settings.initialRebalanceDelay(), group.rebalanceTimeout());
        } else {
            group.rebalance().start(group.rebalanceTimeout());
            completeJoinIfAllHaveJoined(decision, group);
        }
    }

    private void completeJoinIfAllHaveJoined(Decision decision, Group group) {
        if (group.rebalance().endsWhenAllHaveJoined() && group.hasAllMembersJoined()) {
            completeJoin(decision, group);
        }
    }

    /** Goes on when the time to join is over. */
    void joinExpired(Decision decision, Group group) {
        if (group.is(GroupState.PREPARING_REBALANCE) && !group.rebalance().waitsOn(settings.initialRebalanceDelay())) {
            completeJoin(decision, group);
        }
    }

    private void completeJoin(Decision decision, Group group) {
        for (Member member : List.copyOf(group.members())) {
            if (!member.isAwaitingJoin() && member.instanceId() == null) {
                group.remove(member);
            }
        }
        if (group.members().isEmpty()) {
            group.rebalance().cancel();
            group.nextGeneration();
            decision.write(new GroupWritten(group.id(), group.snapshot(clock.millis(), Member::assignment)));
        } else if (group.electLeader()) {
            beginGeneration(decision, group);
        } else {
            // Static members, all of them away: each has its session to come back in.
            group.rebalance().start(group.rebalanceTimeout());
        }
    }

    private void beginGeneration(Decision decision, Group group) {
        group.nextGeneration();
        group.enter(GroupState.COMPLETING_REBALANCE);
        group.rebalance().joined(group.rebalanceTimeout());
        for (Member member : group.members()) {
            member.joiningForTheFirstTime(false);
            member.owesSync(true);
            member.touch();
            decision.answer(member.takeAwaitingJoin(), joined(group, member, group.isLeader(member)));
        }
    }

    /**
     * The answer to a join: the generation that the member is part of.
     *
     * @param assigns whether the member is to assign, and so must know what the others said
     */
    static JoinGroupResponse joined(Group group, Member member, boolean assigns) {
        return JoinGroupResponse.builder()
                .generationId(group.generation())
                .protocolType(group.protocolType())
                .protocolName(orEmpty(group.protocolName()))
                .leader(orEmpty(group.leaderId()))
                .memberId(member.id())
                .members(assigns ? membersForLeader(group) : List.of())
                .build();
    }

    /** The members with what they said of themselves under the group's protocol. */
    static List<JoinGroupResponseMember> membersForLeader(Group group) {
        return group.members().stream()
                .map(member -> JoinGroupResponseMember.builder()
                        .memberId(member.id())
                        .groupInstanceId(member.instanceId())
                        .metadata(member.metadata(group.protocolName()))
                        .build())
                .toList();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Drops the members that have not asked for their assignment in time. */
    void syncExpired(Decision decision, Group group) {
        List<Member> late = group.members().stream().filter(Member::owesSync).toList();
        if (!late.isEmpty()) {
            late.forEach(member -> dismiss(decision, group, member));
            prepare(decision, group);
        }
    }

    /** Drops a member that gave no sign of life. */
    void sessionExpired(Decision decision, Group group, String memberId) {
        Member member = group.member(memberId);
        if (member != null && (member.isJoiningForTheFirstTime() || !member.isAwaitingAnswer())) {
            remove(decision, group, member);
        }
    }

    /** Takes back an id that was not used in time. */
    void pendingMemberExpired(Decision decision, Group group, String memberId) {
        group.expectNoMore(memberId);
        pendingMemberGone(decision, group);
    }

    /** Goes on after somebody who was going to join is not any more. */
    void pendingMemberGone(Decision decision, Group group) {
        if (group.is(GroupState.PREPARING_REBALANCE)) {
            completeJoinIfAllHaveJoined(decision, group);
        }
        decision.groups().dropIfBlank(group);
    }

    /** Removes a member and has the others share its work. */
    void remove(Decision decision, Group group, Member member) {
        dismiss(decision, group, member);
        if (group.is(GroupState.PREPARING_REBALANCE)) {
            completeJoinIfAllHaveJoined(decision, group);
        } else {
            prepare(decision, group);
        }
    }

    private static void dismiss(Decision decision, Group group, Member member) {
        String reason = "member " + member.id() + " was removed from group " + group.id();
        decision.refuse(member.takeAwaitingJoin(), ErrorCode.UNKNOWN_MEMBER_ID, reason);
        decision.refuse(member.takeAwaitingSync(), ErrorCode.UNKNOWN_MEMBER_ID, reason);
        group.remove(member);
    }

    /** Sets the timers of a group that was read from the log, and sees to its size. */
    void resume(Decision decision, Group group) {
        group.members().forEach(Member::touch);
        if (group.members().size() > settings.maxSize()) {
            prepare(decision, group);
        }
    }
}
