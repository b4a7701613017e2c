package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.CoordinatorEvent.GroupWritten;
import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.SyncGroupRequest;
import io.brokkr.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.brokkr.protocol.message.SyncGroupResponse;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerEvents;
import io.brokkr.spi.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Hands the leader's assignment to the members: SyncGroup. Stateless; called on the shard's executor. */
final class Syncing {

    private final Clock clock;
    private final BrokerEvents events;

    Syncing(Clock clock, BrokerEvents events) {
        this.clock = clock;
        this.events = events;
    }

    void sync(Decision decision, SyncGroupRequest request, CompletableFuture<SyncGroupResponse> answer) {
        Group group = decision.groups().require(request.groupId(), ErrorCode.UNKNOWN_MEMBER_ID);
        Member member = group.require(request.memberId(), request.groupInstanceId());
        group.requireGeneration(request.generationId());
        requireSame("protocol type", request.protocolType(), group.protocolType());
        requireSame("protocol", request.protocolName(), group.protocolName());
        switch (group.state()) {
            case COMPLETING_REBALANCE -> await(decision, group, member, request, answer);
            case STABLE -> deliver(decision, group, member, answer);
            case PREPARING_REBALANCE ->
                throw new ApiException(
                        ErrorCode.REBALANCE_IN_PROGRESS, "group " + group.id() + " is being called together again");
            case EMPTY, DEAD -> throw new IllegalStateException("a group with a member is " + group.state());
        }
    }

    /** Members of version 5 and later say what they take the group's protocol for (KIP-559). */
    private static void requireSame(String what, @Nullable String said, @Nullable String actual) {
        if (said != null && !said.equals(actual)) {
            throw new ApiException(
                    ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "the group's " + what + " is " + actual + ", not " + said);
        }
    }

    private void await(
            Decision decision,
            Group group,
            Member member,
            SyncGroupRequest request,
            CompletableFuture<SyncGroupResponse> answer) {
        if (group.isLeader(member)) {
            assign(decision, group, request);
            deliver(decision, group, member, answer);
        } else {
            member.owesSync(false);
            decision.refuse(
                    member.takeAwaitingSync(),
                    ErrorCode.REBALANCE_IN_PROGRESS,
                    "member " + member.id() + " has asked once more since");
            member.awaitSync(answer);
        }
    }

    /** Writes what the leader decided, which makes the generation stable, and hands it to those who wait. */
    private void assign(Decision decision, Group group, SyncGroupRequest request) {
        Map<String, Bytes> assignments = request.assignments().stream()
                .collect(Collectors.toMap(
                        SyncGroupRequestAssignment::memberId,
                        SyncGroupRequestAssignment::assignment,
                        (first, second) -> second));
        decision.write(new GroupWritten(
                group.id(),
                group.snapshot(clock.millis(), member -> assignments.getOrDefault(member.id(), Bytes.EMPTY))));
        decision.answer(rebalanced(group), "");
        for (Member member : group.members()) {
            CompletableFuture<SyncGroupResponse> waiting = member.takeAwaitingSync();
            if (waiting != null) {
                deliver(decision, group, member, waiting);
            }
        }
    }

    /** Tells everybody when the log has it. */
    private CompletableFuture<String> rebalanced(Group group) {
        String id = group.id();
        Map<String, String> details = Map.of(
                "generation", Integer.toString(group.generation()),
                "members", Integer.toString(group.members().size()));
        CompletableFuture<String> written = new CompletableFuture<>();
        CompletionStage<String> stage = written;
        stage.thenRun(() -> events.raise("group.rebalanced", id, details));
        return written;
    }

    private static void deliver(
            Decision decision, Group group, Member member, CompletableFuture<SyncGroupResponse> answer) {
        member.owesSync(false);
        member.touch();
        decision.answer(
                answer,
                SyncGroupResponse.builder()
                        .protocolType(group.protocolType())
                        .protocolName(group.protocolName())
                        .assignment(member.assignment())
                        .build());
    }
}
