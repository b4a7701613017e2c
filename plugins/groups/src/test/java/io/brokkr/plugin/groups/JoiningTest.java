package io.brokkr.plugin.groups;

import static io.brokkr.plugin.groups.GroupScript.GROUP;
import static io.brokkr.plugin.groups.GroupScript.NEWEST;
import static io.brokkr.plugin.groups.GroupScript.REBALANCE;
import static io.brokkr.plugin.groups.GroupScript.SESSION;
import static io.brokkr.plugin.groups.GroupScript.bytes;
import static io.brokkr.plugin.groups.GroupScript.error;
import static io.brokkr.plugin.groups.GroupScript.joinError;
import static io.brokkr.plugin.groups.GroupScript.joinRequest;
import static io.brokkr.plugin.groups.GroupScript.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.protocol.message.SyncGroupResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class JoiningTest {

    private final GroupScript script = new GroupScript();
    private final TestCoordinator coordinator = script.coordinator;

    @Test
    void newClientFirstGetsTheIdToJoinWith() {
        JoinGroupResponse first =
                coordinator.join(joinRequest("", null, "range").build(), 4).join();
        assertThat(ErrorCode.forCode(first.errorCode())).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
        assertThat(first.memberId()).startsWith("client-");

        CompletableFuture<JoinGroupResponse> second =
                coordinator.join(joinRequest(first.memberId(), null, "range").build(), 4);
        coordinator.advance(Duration.ofSeconds(1));
        assertThat(success(second).memberId()).isEqualTo(first.memberId());
        assertThat(second.join().leader()).isEqualTo(first.memberId());
    }

    @Test
    void oldClientJoinsAtOnce() {
        CompletableFuture<JoinGroupResponse> join =
                coordinator.join(joinRequest("", null, "range").build(), 3);
        coordinator.advance(Duration.ofSeconds(1));
        assertThat(success(join).generationId()).isEqualTo(1);
    }

    @Test
    void idThatIsNotUsedIsForgotten() {
        String memberId = coordinator
                .join(joinRequest("", null, "range").build(), NEWEST)
                .join()
                .memberId();
        coordinator.advance(SESSION);
        assertThat(joinError(
                        coordinator.join(joinRequest(memberId, null, "range").build(), NEWEST)))
                .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(coordinator.group(GROUP)).isNull();
    }

    @Test
    void rebalanceWaitsForThoseWhoWereGivenAnId() {
        script.stableGroup(1);
        String memberId = coordinator
                .join(joinRequest("", null, "range").build(), NEWEST)
                .join()
                .memberId();
        String leader = script.group().leaderId();
        CompletableFuture<JoinGroupResponse> rejoin = script.join(leader, "range");
        assertThat(rejoin).isNotCompleted();
        CompletableFuture<JoinGroupResponse> join =
                coordinator.join(joinRequest(memberId, null, "range").build(), NEWEST);
        assertThat(success(rejoin).members()).hasSize(2);
        assertThat(success(join).generationId()).isEqualTo(2);
    }

    @Test
    void unknownMembersAndBadTimeoutsAreRefused() {
        assertThat(joinError(script.join("nobody", "range"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        script.stableGroup(1);
        assertThat(joinError(script.join("nobody", "range"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(joinError(coordinator.join(
                        joinRequest("", null, "range").sessionTimeoutMs(999).build(), 3)))
                .isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
        assertThat(joinError(coordinator.join(
                        joinRequest("", null, "range")
                                .sessionTimeoutMs(1_800_001)
                                .build(),
                        3)))
                .isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
    }

    @Test
    void protocolsMustHaveSomethingInCommon() {
        script.stableGroup(1);
        assertThat(joinError(script.join("", "sticky"))).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(joinError(coordinator.join(
                        joinRequest("", null, "range").protocolType("connect").build(), 3)))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(joinError(script.join(""))).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void protocolIsElectedByVotesAmongThoseThatAllSupport() {
        // Names are opaque, and each member votes for the first of its own that all support.
        CompletableFuture<JoinGroupResponse> first = script.join("", "only-mine", "range", "RoundRobinAssigner");
        CompletableFuture<JoinGroupResponse> second = script.join("", "RoundRobinAssigner", "range");
        CompletableFuture<JoinGroupResponse> third = script.join("", "RoundRobinAssigner", "range");
        coordinator.advance(Duration.ofSeconds(2));
        assertThat(List.of(success(first), success(second), success(third)))
                .allSatisfy(joined -> assertThat(joined.protocolName()).isEqualTo("RoundRobinAssigner"));
    }

    @Test
    void protocolThatIsNamedTwiceCountsOnce() {
        CompletableFuture<JoinGroupResponse> first = script.join("", "range", "range");
        CompletableFuture<JoinGroupResponse> second = script.join("", "range");
        coordinator.advance(Duration.ofSeconds(2));
        assertThat(success(first).protocolName()).isEqualTo("range");
        assertThat(script.leave(success(second).memberId())).isEqualTo(ErrorCode.NONE);
        assertThat(success(script.join(first.join().memberId(), "range", "range"))
                        .protocolName())
                .isEqualTo("range");
    }

    @Test
    void onlyTheLeaderLearnsWhoIsThere() {
        CompletableFuture<JoinGroupResponse> first = script.join("", "range");
        CompletableFuture<JoinGroupResponse> second = script.join("", "range");
        coordinator.advance(Duration.ofSeconds(2));
        assertThat(success(first).leader()).isEqualTo(first.join().memberId());
        assertThat(first.join().members()).hasSize(2).allSatisfy(member -> assertThat(member.metadata())
                .isEqualTo(bytes("metadata of range")));
        assertThat(success(second).members()).isEmpty();
        assertThat(second.join().leader()).isEqualTo(first.join().memberId());
    }

    @Test
    void firstRebalanceWaitsAsLongAsNewcomersKeepComing() {
        CompletableFuture<JoinGroupResponse> first = script.join("", "range");
        coordinator.advance(Duration.ofMillis(400));
        CompletableFuture<JoinGroupResponse> second = script.join("", "range");
        coordinator.advance(Duration.ofMillis(400));
        CompletableFuture<JoinGroupResponse> third = script.join("", "range");
        assertThat(first).isNotCompleted();
        coordinator.advance(Duration.ofMillis(700));
        assertThat(success(first).generationId()).isEqualTo(1);
        assertThat(success(second).generationId()).isEqualTo(1);
        assertThat(success(third).generationId()).isEqualTo(1);
    }

    @Test
    void generationGrowsWithEachRebalanceNotWithEachJoin() {
        List<JoinGroupResponse> members = script.stableGroup(3);
        assertThat(members)
                .allSatisfy(joined -> assertThat(joined.generationId()).isEqualTo(1));
        List<CompletableFuture<JoinGroupResponse>> again = members.stream()
                .map(member -> script.join(member.memberId(), "range"))
                .toList();
        assertThat(again)
                .allSatisfy(join -> assertThat(success(join).generationId()).isEqualTo(2));
    }

    @Test
    void membersThatDoNotRejoinAreDroppedWhenTheRebalanceTimesOut() {
        // The silent member's session is longer than the rebalance.
        CompletableFuture<JoinGroupResponse> silent = coordinator.join(
                joinRequest("", null, "range").sessionTimeoutMs(120_000).build(), 3);
        CompletableFuture<JoinGroupResponse> lively = script.join("", "range");
        coordinator.advance(Duration.ofSeconds(1));
        String silentId = success(silent).memberId();
        assertThat(error(script.sync(success(silent), GroupScript.assign(silentId, bytes("all")))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(error(script.sync(success(lively)))).isEqualTo(ErrorCode.NONE);

        CompletableFuture<JoinGroupResponse> newcomer = script.join("", "range");
        CompletableFuture<JoinGroupResponse> rejoin = script.join(lively.join().memberId(), "range");
        coordinator.advance(REBALANCE.minusMillis(1));
        assertThat(rejoin).isNotCompleted();
        assertThat(newcomer).isNotCompleted();
        coordinator.advance(Duration.ofMillis(1));
        assertThat(success(rejoin).generationId()).isEqualTo(2);
        assertThat(success(newcomer).generationId()).isEqualTo(2);
        assertThat(script.group().member(silentId)).isNull();
        assertThat(script.heartbeat(silentId, 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void rebalanceEndsAsSoonAsAllHaveRejoined() {
        List<JoinGroupResponse> members = script.stableGroup(2);
        CompletableFuture<JoinGroupResponse> newcomer = script.join("", "range");
        CompletableFuture<JoinGroupResponse> first = script.join(members.get(0).memberId(), "range");
        assertThat(newcomer).isNotCompleted();
        CompletableFuture<JoinGroupResponse> second = script.join(members.get(1).memberId(), "range");
        assertThat(List.of(success(newcomer), success(first), success(second)))
                .allSatisfy(joined -> assertThat(joined.generationId()).isEqualTo(2));
    }

    @Test
    void heartbeatTellsMembersToRejoin() {
        JoinGroupResponse member = script.stableGroup(1).get(0);
        assertThat(script.heartbeat(member.memberId(), 1)).isEqualTo(ErrorCode.NONE);
        assertThat(script.heartbeat(member.memberId(), 2)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(script.join("", "range")).isNotCompleted();
        assertThat(script.heartbeat(member.memberId(), 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void memberWithoutHeartbeatsIsDroppedWhenItsSessionEnds() {
        List<JoinGroupResponse> members = script.stableGroup(2);
        coordinator.advance(SESSION.minusMillis(1));
        assertThat(script.heartbeat(members.get(0).memberId(), 1)).isEqualTo(ErrorCode.NONE);
        coordinator.advance(Duration.ofMillis(1));
        assertThat(script.group().members()).hasSize(1);
        assertThat(script.heartbeat(members.get(0).memberId(), 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void followerThatJoinsAgainUnchangedDisturbsNobody() {
        List<JoinGroupResponse> members = script.stableGroup(2);
        CompletableFuture<JoinGroupResponse> again = script.join(members.get(1).memberId(), "range");
        assertThat(success(again).generationId()).isEqualTo(1);
        assertThat(script.group().state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void fullGroupTakesNobodyMore() {
        script.stableGroup(TestCoordinator.SETTINGS.maxSize());
        assertThat(joinError(script.join("", "range"))).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void membersAreDroppedWhenTheLeaderNeverAssigns() {
        CompletableFuture<JoinGroupResponse> leader = coordinator.join(
                joinRequest("", null, "range").sessionTimeoutMs(120_000).build(), 3);
        CompletableFuture<JoinGroupResponse> follower = script.join("", "range");
        coordinator.advance(Duration.ofSeconds(1));
        CompletableFuture<SyncGroupResponse> sync = script.sync(success(follower));
        coordinator.advance(REBALANCE.minusSeconds(1));
        assertThat(sync).isNotCompleted();
        coordinator.advance(Duration.ofSeconds(1));
        assertThat(error(sync)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(script.group().member(leader.join().memberId())).isNull();
    }

    @Test
    void leavingHasTheOthersShareTheWork() {
        List<JoinGroupResponse> members = script.stableGroup(2);
        assertThat(script.leave(members.get(0).memberId())).isEqualTo(ErrorCode.NONE);
        assertThat(script.leave(members.get(0).memberId())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        CompletableFuture<JoinGroupResponse> rejoin = script.join(members.get(1).memberId(), "range");
        assertThat(success(rejoin).leader()).isEqualTo(members.get(1).memberId());
        assertThat(script.leave(members.get(1).memberId())).isEqualTo(ErrorCode.NONE);
        assertThat(script.group().state()).isEqualTo(GroupState.EMPTY);
    }
}
