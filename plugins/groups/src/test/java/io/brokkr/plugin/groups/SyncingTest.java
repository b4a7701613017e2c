package io.brokkr.plugin.groups;

import static io.brokkr.plugin.groups.GroupScript.assign;
import static io.brokkr.plugin.groups.GroupScript.bytes;
import static io.brokkr.plugin.groups.GroupScript.error;
import static io.brokkr.plugin.groups.GroupScript.success;
import static io.brokkr.plugin.groups.GroupScript.syncRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.protocol.message.SyncGroupRequest;
import io.brokkr.protocol.message.SyncGroupResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SyncingTest {

    /** Byte for byte, and what the leader did not assign is empty. */
    @Property(tries = 50)
    void membersGetExactlyWhatTheLeaderAssigned(@ForAll byte[] ofLeader, @ForAll byte[] ofFollower) {
        GroupScript script = new GroupScript();
        List<CompletableFuture<JoinGroupResponse>> joins =
                List.of(script.join("", "range"), script.join("", "range"), script.join("", "range"));
        script.coordinator.advance(Duration.ofSeconds(1));
        JoinGroupResponse leader = success(joins.get(0));
        CompletableFuture<SyncGroupResponse> follower = script.sync(success(joins.get(1)));
        assertThat(follower).isNotCompleted();
        CompletableFuture<SyncGroupResponse> sync = script.sync(
                leader,
                assign(leader.memberId(), Bytes.copyOf(ofLeader)),
                assign(joins.get(1).join().memberId(), Bytes.copyOf(ofFollower)));
        CompletableFuture<SyncGroupResponse> late = script.sync(success(joins.get(2)));
        assertThat(error(sync)).isEqualTo(ErrorCode.NONE);
        assertThat(sync.join().assignment()).isEqualTo(Bytes.copyOf(ofLeader));
        assertThat(follower.join().assignment()).isEqualTo(Bytes.copyOf(ofFollower));
        assertThat(late.join().assignment()).isEqualTo(Bytes.EMPTY);
        assertThat(error(late)).isEqualTo(ErrorCode.NONE);
        assertThat(late.join().protocolName()).isEqualTo("range");
    }

    @Test
    void protocolTypeAndNameAreChecked() {
        GroupScript script = new GroupScript();
        SyncGroupRequest.Builder request = syncRequest(script.stableGroup(1).get(0));
        assertThat(error(script.coordinator.sync(
                        request.protocolType("consumer").protocolName("range").build())))
                .isEqualTo(ErrorCode.NONE);
        assertThat(error(script.coordinator.sync(request.protocolName("sticky").build())))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(error(script.coordinator.sync(
                        request.protocolType("connect").protocolName("range").build())))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        // Before version 5 clients do not say.
        assertThat(error(script.coordinator.sync(
                        request.protocolType(null).protocolName(null).build())))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void strangersAndLatecomersAreRefused() {
        GroupScript script = new GroupScript();
        SyncGroupRequest nobody = SyncGroupRequest.builder()
                .groupId(GroupScript.GROUP)
                .memberId("nobody")
                .build();
        assertThat(error(script.coordinator.sync(nobody))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        SyncGroupRequest.Builder member = syncRequest(script.stableGroup(1).get(0));
        assertThat(error(script.coordinator.sync(nobody))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(error(script.coordinator.sync(member.generationId(0).build())))
                .isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(script.join("", "range")).isNotCompleted();
        assertThat(error(script.coordinator.sync(member.generationId(1).build())))
                .isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void rebalanceDuringSyncSendsTheWaitingMembersBack() {
        GroupScript script = new GroupScript();
        CompletableFuture<JoinGroupResponse> leader = script.join("", "range");
        CompletableFuture<JoinGroupResponse> follower = script.join("", "range");
        script.coordinator.advance(Duration.ofSeconds(1));
        CompletableFuture<SyncGroupResponse> sync = script.sync(success(follower));
        script.leave(success(leader).memberId());
        assertThat(error(sync)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void nobodyLearnsOfAnAssignmentThatIsNotSafe() {
        GroupScript script = new GroupScript();
        CompletableFuture<JoinGroupResponse> leader = script.join("", "range");
        CompletableFuture<JoinGroupResponse> follower = script.join("", "range");
        script.coordinator.advance(Duration.ofSeconds(1));
        script.coordinator.log.hold();
        CompletableFuture<SyncGroupResponse> sync =
                script.sync(success(leader), assign(leader.join().memberId(), bytes("all")));
        CompletableFuture<SyncGroupResponse> second = script.sync(success(follower));
        assertThat(sync).isNotCompleted();
        assertThat(second).isNotCompleted();
        script.coordinator.log.release();
        assertThat(error(sync)).isEqualTo(ErrorCode.NONE);
        assertThat(error(second)).isEqualTo(ErrorCode.NONE);
    }
}
