package io.brokkr.plugin.groups;

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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A consumer that does what real ones do: joins, synchronises, sends heartbeats, and reacts to errors by the book. */
final class SimulatedConsumer {

    enum Phase {
        OUT,
        JOINING,
        SYNCHRONISING,
        IN,
        GONE
    }

    final String groupId;
    final @Nullable String instanceId;
    final int version;
    final Duration sessionTimeout;
    final Duration rebalanceTimeout;

    private final TestCoordinator coordinator;
    private final Random random;
    private final List<JoinGroupRequestProtocol> protocols = new ArrayList<>();

    Phase phase = Phase.OUT;
    String memberId = "";
    int generation = -1;
    String protocolName = "";
    Bytes assignment = Bytes.EMPTY;
    long waitingSinceNanos;

    private boolean leads;
    private List<String> membersToAssign = List.of();
    private long lastHeartbeatNanos;
    private @Nullable CompletableFuture<JoinGroupResponse> join;
    private @Nullable CompletableFuture<SyncGroupResponse> sync;
    private @Nullable CompletableFuture<ErrorCode> heartbeat;

    SimulatedConsumer(String groupId, @Nullable String instanceId, TestCoordinator coordinator, Random random) {
        this.groupId = groupId;
        this.instanceId = instanceId;
        this.coordinator = coordinator;
        this.random = random;
        version = instanceId == null ? random.nextInt(10) : 5 + random.nextInt(5);
        sessionTimeout = Duration.ofSeconds(2 + random.nextInt(9));
        rebalanceTimeout = version == 0 ? sessionTimeout : Duration.ofSeconds(3 + random.nextInt(18));
        // All consumers support the same: after a crash the coordinator knows of each member just the protocol that was
        // chosen, and lets in
        // nobody who does not support that one; as Kafka does.
        List<String> names = new ArrayList<>(List.of("range", "sticky", "RoundRobinAssigner"));
        Collections.shuffle(names, random);
        names.forEach(name -> protocols.add(JoinGroupRequestProtocol.builder()
                .name(name)
                .metadata(bytes(name + " of " + random.nextInt()))
                .build()));
    }

    static Bytes bytes(String text) {
        return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }

    boolean isWaiting() {
        return phase == Phase.JOINING || phase == Phase.SYNCHRONISING;
    }

    /** Looks at what was answered, and does the next thing. */
    void step() {
        switch (phase) {
            case OUT -> sendJoin();
            case JOINING -> {
                if (join != null && join.isDone()) {
                    joined(join.join());
                }
            }
            case SYNCHRONISING -> {
                if (sync != null && sync.isDone()) {
                    synchronised(sync.join());
                }
            }
            case IN -> {
                if (heartbeat != null && heartbeat.isDone()) {
                    heard(heartbeat.join());
                    heartbeat = null;
                }
                if (phase == Phase.IN && heartbeat == null && isTimeForHeartbeat()) {
                    sendHeartbeat();
                }
            }
            case GONE -> {}
        }
    }

    void sendJoin() {
        phase = Phase.JOINING;
        waitingSinceNanos = coordinator.clock.nanos();
        join = coordinator.join(
                JoinGroupRequest.builder()
                        .groupId(groupId)
                        .memberId(memberId)
                        .groupInstanceId(instanceId)
                        .sessionTimeoutMs((int) sessionTimeout.toMillis())
                        .rebalanceTimeoutMs(version == 0 ? -1 : (int) rebalanceTimeout.toMillis())
                        .protocolType("consumer")
                        .protocols(protocols)
                        .build(),
                version);
    }

    private void joined(JoinGroupResponse response) {
        switch (ErrorCode.forCode(response.errorCode())) {
            case NONE -> {
                memberId = response.memberId();
                generation = response.generationId();
                protocolName = response.protocolName();
                leads = response.leader().equals(memberId) && !response.skipAssignment();
                membersToAssign = response.members().stream()
                        .map(member -> member.memberId())
                        .toList();
                sendSync();
            }
            case MEMBER_ID_REQUIRED -> {
                memberId = response.memberId();
                sendJoin();
            }
            case UNKNOWN_MEMBER_ID -> startOver();
            case FENCED_INSTANCE_ID, GROUP_MAX_SIZE_REACHED -> phase = Phase.GONE;
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, REBALANCE_IN_PROGRESS -> phase = Phase.OUT;
            default -> throw new AssertionError("unexpected answer to a join: " + response);
        }
    }

    private void sendSync() {
        phase = Phase.SYNCHRONISING;
        waitingSinceNanos = coordinator.clock.nanos();
        String token = memberId + "/" + random.nextInt() + "/";
        List<SyncGroupRequestAssignment> assignments = !leads
                ? List.of()
                : membersToAssign.stream()
                        .map(member -> SyncGroupRequestAssignment.builder()
                                .memberId(member)
                                .assignment(bytes(token + member))
                                .build())
                        .toList();
        sync = coordinator.sync(SyncGroupRequest.builder()
                .groupId(groupId)
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .generationId(generation)
                .protocolType("consumer")
                .protocolName(protocolName)
                .assignments(assignments)
                .build());
    }

    private void synchronised(SyncGroupResponse response) {
        switch (ErrorCode.forCode(response.errorCode())) {
            case NONE -> {
                phase = Phase.IN;
                assignment = response.assignment();
                lastHeartbeatNanos = coordinator.clock.nanos();
                heartbeat = null;
            }
            case FENCED_INSTANCE_ID -> phase = Phase.GONE;
            case UNKNOWN_MEMBER_ID -> startOver();
            case ILLEGAL_GENERATION,
                    REBALANCE_IN_PROGRESS,
                    NOT_COORDINATOR,
                    COORDINATOR_NOT_AVAILABLE,
                    INCONSISTENT_GROUP_PROTOCOL -> phase = Phase.OUT;
            default -> throw new AssertionError("unexpected answer to a sync: " + response);
        }
    }

    private boolean isTimeForHeartbeat() {
        return coordinator.clock.nanos() - lastHeartbeatNanos >= sessionTimeout.toNanos() / 3;
    }

    private void sendHeartbeat() {
        lastHeartbeatNanos = coordinator.clock.nanos();
        heartbeat = coordinator.heartbeat(HeartbeatRequest.builder()
                .groupId(groupId)
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .generationId(generation)
                .build());
    }

    private void heard(ErrorCode error) {
        switch (error) {
            case NONE, NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE -> {}
            case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION -> phase = Phase.OUT;
            case UNKNOWN_MEMBER_ID -> startOver();
            case FENCED_INSTANCE_ID -> phase = Phase.GONE;
            default -> throw new AssertionError("unexpected answer to a heartbeat: " + error);
        }
    }

    private void startOver() {
        memberId = "";
        phase = Phase.OUT;
    }

    OffsetCommitRequest commitRequest() {
        return OffsetCommitRequest.builder()
                .groupId(groupId)
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .generationIdOrMemberEpoch(generation)
                .build();
    }

    /** Says good-bye; a static consumer goes without a word. */
    void leave() {
        if (instanceId == null && !memberId.isEmpty()) {
            var unused = coordinator.leave(
                    groupId, MemberIdentity.builder().memberId(memberId).build());
        }
        phase = Phase.GONE;
    }

    /** Is silent from now on. */
    void crash() {
        phase = Phase.GONE;
    }

    @Override
    public String toString() {
        return phase + " " + memberId + (instanceId == null ? "" : " (" + instanceId + ")") + " of " + groupId
                + " in generation " + generation;
    }
}
