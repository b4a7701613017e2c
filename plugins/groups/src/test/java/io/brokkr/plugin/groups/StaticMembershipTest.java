package io.brokkr.plugin.groups;

import static io.brokkr.plugin.groups.GroupScript.GROUP;
import static io.brokkr.plugin.groups.GroupScript.SESSION;
import static io.brokkr.plugin.groups.GroupScript.assign;
import static io.brokkr.plugin.groups.GroupScript.bytes;
import static io.brokkr.plugin.groups.GroupScript.error;
import static io.brokkr.plugin.groups.GroupScript.joinError;
import static io.brokkr.plugin.groups.GroupScript.joinRequest;
import static io.brokkr.plugin.groups.GroupScript.success;
import static io.brokkr.plugin.groups.GroupScript.syncRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.brokkr.protocol.message.LeaveGroupResponse.MemberResponse;
import io.brokkr.protocol.message.SyncGroupResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** KIP-345. */
class StaticMembershipTest {

    private final GroupScript script = new GroupScript();
    private final TestCoordinator coordinator = script.coordinator;
    private JoinGroupResponse leader;
    private JoinGroupResponse follower;

    @BeforeEach
    void stableGroupOfTwo() {
        CompletableFuture<JoinGroupResponse> first = script.joinStatic("", "one", 9);
        CompletableFuture<JoinGroupResponse> second = script.joinStatic("", "two", 9);
        coordinator.advance(Duration.ofSeconds(2));
        leader = success(first);
        follower = success(second);
        assertThat(leader.leader()).isEqualTo(leader.memberId());
        assertThat(error(script.sync(
                        leader, assign(leader.memberId(), bytes("half")), assign(follower.memberId(), bytes("rest")))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(error(script.sync(follower))).isEqualTo(ErrorCode.NONE);
        assertThat(script.group().state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void comesBackWithoutRebalance() {
        JoinGroupResponse back = success(script.joinStatic("", "two", 9));
        assertThat(back.memberId()).isNotEqualTo(follower.memberId()).startsWith("two-");
        assertThat(back.generationId()).isEqualTo(1);
        assertThat(back.members()).isEmpty();
        assertThat(back.skipAssignment()).isFalse();
        SyncGroupResponse sync = coordinator
                .sync(syncRequest(back).groupInstanceId("two").build())
                .join();
        assertThat(sync.assignment()).isEqualTo(bytes("rest"));
        assertThat(script.heartbeat(leader.memberId(), 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void leaderOfNewVersionComesBackAsLeaderAndMustNotAssign() {
        JoinGroupResponse back = success(script.joinStatic("", "one", 9));
        assertThat(back.leader()).isEqualTo(back.memberId());
        assertThat(back.skipAssignment()).isTrue();
        assertThat(back.members()).hasSize(2);
    }

    @Test
    void leaderOfOldVersionComesBackAsFollower() {
        JoinGroupResponse back = success(script.joinStatic("", "one", 8));
        assertThat(back.leader()).isEqualTo(leader.memberId()).isNotEqualTo(back.memberId());
        assertThat(back.skipAssignment()).isFalse();
        assertThat(back.members()).isEmpty();
        assertThat(script.group().leaderId()).isEqualTo(back.memberId());
    }

    @Test
    void theOneBeforeIsFenced() {
        assertThat(success(script.joinStatic("", "two", 9)).generationId()).isEqualTo(1);
        assertThat(joinError(script.joinStatic(follower.memberId(), "two", 9))).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(error(coordinator.sync(
                        syncRequest(follower).groupInstanceId("two").build())))
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(coordinator
                        .heartbeat(HeartbeatRequest.builder()
                                .groupId(GROUP)
                                .memberId(follower.memberId())
                                .groupInstanceId("two")
                                .generationId(1)
                                .build())
                        .join())
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void theOneBeforeIsFencedWhileItWaits() {
        CompletableFuture<JoinGroupResponse> newcomer = script.join("", "range");
        CompletableFuture<JoinGroupResponse> waiting = script.joinStatic(follower.memberId(), "two", 9);
        CompletableFuture<JoinGroupResponse> back = script.joinStatic("", "two", 9);
        assertThat(joinError(waiting)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        CompletableFuture<JoinGroupResponse> rejoin = script.joinStatic(leader.memberId(), "one", 9);
        assertThat(List.of(success(newcomer), success(back), success(rejoin)))
                .allSatisfy(joined -> assertThat(joined.generationId()).isEqualTo(2));
    }

    @Test
    void comingBackWithOtherProtocolsRebalances() {
        CompletableFuture<JoinGroupResponse> back =
                coordinator.join(joinRequest("", "two", "sticky", "range").build(), 9);
        assertThat(success(back).generationId()).isEqualTo(1);
        CompletableFuture<JoinGroupResponse> leaderBack =
                coordinator.join(joinRequest("", "one", "sticky", "range").build(), 9);
        assertThat(leaderBack).isNotCompleted();
        assertThat(script.group().state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    }

    @Test
    void replacementSurvivesARestart() {
        JoinGroupResponse back = success(script.joinStatic("", "one", 9));
        coordinator.restart();
        assertThat(script.group().staticMember("one").id()).isEqualTo(back.memberId());
        assertThat(script.group().leaderId()).isEqualTo(back.memberId());
        assertThat(script.heartbeat(back.memberId(), 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void staysAwayForItsSessionAndNoLonger() {
        coordinator.advance(SESSION.minusMillis(1));
        assertThat(script.group().members()).hasSize(2);
        coordinator.advance(Duration.ofMillis(1));
        assertThat(script.group().members()).isEmpty();
        assertThat(script.group().state()).isEqualTo(GroupState.EMPTY);
    }

    @Test
    void administratorRemovesByInstance() {
        List<MemberResponse> left = coordinator
                .leave(
                        GROUP,
                        MemberIdentity.builder().groupInstanceId("one").build(),
                        MemberIdentity.builder().groupInstanceId("three").build(),
                        MemberIdentity.builder()
                                .memberId("somebody else")
                                .groupInstanceId("two")
                                .build(),
                        MemberIdentity.builder().memberId("nobody").build())
                .join();
        assertThat(left.stream().map(member -> ErrorCode.forCode(member.errorCode())))
                .containsExactly(
                        ErrorCode.NONE,
                        ErrorCode.UNKNOWN_MEMBER_ID,
                        ErrorCode.FENCED_INSTANCE_ID,
                        ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(script.group().members()).hasSize(1);
    }
}
