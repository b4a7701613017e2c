package io.brokkr.plugin.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.JoinGroupRequest;
import io.brokkr.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.brokkr.protocol.message.OffsetCommitRequest;
import io.brokkr.protocol.message.SyncGroupRequest;
import io.brokkr.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.brokkr.protocol.message.SyncGroupResponse;
import io.brokkr.spi.TopicPartition;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Says what clients of one group do, as briefly as an example wants it. */
final class GroupScript {

    static final String GROUP = "group";
    static final int OLD = 3;
    static final int NEWEST = 9;
    static final Duration SESSION = Duration.ofSeconds(10);
    static final Duration REBALANCE = Duration.ofSeconds(30);

    final TestCoordinator coordinator;

    GroupScript(TestCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    GroupScript() {
        this(new TestCoordinator());
    }

    static Bytes bytes(String text) {
        return SimulatedConsumer.bytes(text);
    }

    static JoinGroupRequest.Builder joinRequest(String memberId, @Nullable String instanceId, String... protocols) {
        return JoinGroupRequest.builder()
                .groupId(GROUP)
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .sessionTimeoutMs((int) SESSION.toMillis())
                .rebalanceTimeoutMs((int) REBALANCE.toMillis())
                .protocolType("consumer")
                .protocols(Arrays.stream(protocols)
                        .map(name -> JoinGroupRequestProtocol.builder()
                                .name(name)
                                .metadata(bytes("metadata of " + name))
                                .build())
                        .toList());
    }

    /** A join whose answer comes when it comes. */
    CompletableFuture<JoinGroupResponse> join(String memberId, String... protocols) {
        return coordinator.join(joinRequest(memberId, null, protocols).build(), OLD);
    }

    CompletableFuture<JoinGroupResponse> joinStatic(String memberId, String instanceId, int version) {
        return coordinator.join(joinRequest(memberId, instanceId, "range").build(), version);
    }

    CompletableFuture<SyncGroupResponse> sync(JoinGroupResponse joined, SyncGroupRequestAssignment... assignments) {
        return coordinator.sync(syncRequest(joined, assignments).build());
    }

    static SyncGroupRequest.Builder syncRequest(JoinGroupResponse joined, SyncGroupRequestAssignment... assignments) {
        return SyncGroupRequest.builder()
                .groupId(GROUP)
                .memberId(joined.memberId())
                .generationId(joined.generationId())
                .assignments(List.of(assignments));
    }

    static SyncGroupRequestAssignment assign(String memberId, Bytes assignment) {
        return SyncGroupRequestAssignment.builder()
                .memberId(memberId)
                .assignment(assignment)
                .build();
    }

    ErrorCode heartbeat(String memberId, int generation) {
        return coordinator
                .heartbeat(HeartbeatRequest.builder()
                        .groupId(GROUP)
                        .memberId(memberId)
                        .generationId(generation)
                        .build())
                .join();
    }

    ErrorCode leave(String memberId) {
        return ErrorCode.forCode(coordinator
                .leave(GROUP, MemberIdentity.builder().memberId(memberId).build())
                .join()
                .get(0)
                .errorCode());
    }

    /** Commits offset 1 of partition 0, with or without a member. */
    ErrorCode commit(String memberId, int generation, int version) {
        return commit(memberId, generation, version, offset(1)).join();
    }

    CompletableFuture<ErrorCode> commit(String memberId, int generation, int version, CommittedOffset offset) {
        return commit(memberId, generation, version, new TopicPartition("topic", 0), offset);
    }

    CompletableFuture<ErrorCode> commit(
            String memberId, int generation, int version, TopicPartition partition, CommittedOffset offset) {
        return coordinator.commit(
                OffsetCommitRequest.builder()
                        .groupId(GROUP)
                        .memberId(memberId)
                        .generationIdOrMemberEpoch(generation)
                        .build(),
                version,
                partition,
                offset);
    }

    CommittedOffset offset(long offset) {
        return new CommittedOffset(
                offset, -1, "", coordinator.clock.millis(), CommittedOffset.NONE, CommittedOffset.UNKNOWN_TOPIC);
    }

    /** What is committed for partition 0, null if nothing is. */
    @Nullable
    CommittedOffset committed() {
        Group group = coordinator.group(GROUP);
        return group == null ? null : group.offsets().get("topic", 0);
    }

    Group group() {
        Group group = coordinator.group(GROUP);
        assertThat(group).isNotNull();
        return group;
    }

    /** A stable group of so many members, the leader first, each assigned its own id. */
    List<JoinGroupResponse> stableGroup(int memberCount) {
        List<CompletableFuture<JoinGroupResponse>> joins = java.util.stream.IntStream.range(0, memberCount)
                .mapToObj(i -> join("", "range"))
                .toList();
        coordinator.advance(Duration.ofSeconds(2));
        List<JoinGroupResponse> joined = joins.stream()
                .map(GroupScript::success)
                .sorted(java.util.Comparator.comparing(
                        response -> !response.leader().equals(response.memberId())))
                .toList();
        SyncGroupRequestAssignment[] assignments = joined.stream()
                .map(member -> assign(member.memberId(), bytes(member.memberId())))
                .toArray(SyncGroupRequestAssignment[]::new);
        List<CompletableFuture<SyncGroupResponse>> followers =
                joined.stream().skip(1).map(this::sync).toList();
        assertThat(error(sync(joined.get(0), assignments))).isEqualTo(ErrorCode.NONE);
        assertThat(followers).allSatisfy(sync -> assertThat(error(sync)).isEqualTo(ErrorCode.NONE));
        return joined;
    }

    static JoinGroupResponse success(CompletableFuture<JoinGroupResponse> join) {
        assertThat(join).isCompleted();
        assertThat(ErrorCode.forCode(join.join().errorCode())).isEqualTo(ErrorCode.NONE);
        return join.join();
    }

    static ErrorCode joinError(CompletableFuture<JoinGroupResponse> join) {
        assertThat(join).isCompleted();
        return ErrorCode.forCode(join.join().errorCode());
    }

    static ErrorCode error(CompletableFuture<SyncGroupResponse> sync) {
        assertThat(sync).isCompleted();
        return ErrorCode.forCode(sync.join().errorCode());
    }
}
