package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.CoordinatorEvent.GroupWritten;
import io.brokkr.plugin.groups.Member.Client;
import io.brokkr.plugin.groups.Member.Subscription;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.JoinGroupRequest;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets members into groups: JoinGroup. Stateless; called on the shard's executor. */
final class Joining {

    /** The first version whose clients first ask for an id, and then join with it (KIP-394). */
    private static final int FIRST_VERSION_ASKING_FOR_ID = 4;

    /** The first version that can tell a leader not to assign (KIP-814). */
    private static final int FIRST_VERSION_SKIPPING_ASSIGNMENT = 9;

    /**
     * How long a new member may wait for its first answer. Until then its client sends no heartbeats, and one that died could otherwise hold up its
     * group for the whole of a long rebalance time-out. The same as Kafka's.
     */
    private static final Duration NEW_MEMBER_TIMEOUT = Duration.ofMinutes(5);

    private final GroupSettings settings;
    private final Rebalancing rebalancing;
    private final Clock clock;
    private final Supplier<UUID> ids;

    Joining(GroupSettings settings, Rebalancing rebalancing, Clock clock, Supplier<UUID> ids) {
        this.settings = settings;
        this.rebalancing = rebalancing;
        this.clock = clock;
        this.ids = ids;
    }

    /** A request to join, with all that a decision on it needs. */
    private record Request(
            JoinGroupRequest body,
            int version,
            Client client,
            Subscription subscription,
            CompletableFuture<JoinGroupResponse> answer) {

        String memberId() {
            return body.memberId();
        }

        @Nullable
        String instanceId() {
            return body.groupInstanceId();
        }
    }

    void join(
            Decision decision,
            JoinGroupRequest body,
            int version,
            Client client,
            CompletableFuture<JoinGroupResponse> answer) {
        Request request = new Request(body, version, client, subscription(body), answer);
        Group group = decision.groups().find(body.groupId());
        if (group == null) {
            requireNoMemberId(body);
            group = decision.groups().findOrCreate(body.groupId());
        }
        try {
            join(decision, group, request);
        } finally {
            decision.groups().dropIfBlank(group);
        }
    }

    private void join(Decision decision, Group group, Request request) {
        requireRoom(decision, group, request.memberId());
        if (!group.supports(
                request.body().protocolType(), request.subscription().protocols())) {
            throw new ApiException(
                    ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                    "the members of group " + group.id() + " share no protocol with this one");
        }
        if (request.memberId().isEmpty()) {
            joinUnknown(decision, group, request);
        } else if (request.instanceId() == null && group.expectNoMore(request.memberId())) {
            add(decision, group, request, request.memberId());
        } else {
            rejoin(decision, group, group.require(request.memberId(), request.instanceId()), request);
        }
    }

    private Subscription subscription(JoinGroupRequest body) {
        Duration sessionTimeout = Duration.ofMillis(body.sessionTimeoutMs());
        if (sessionTimeout.compareTo(settings.minSessionTimeout()) < 0
                || sessionTimeout.compareTo(settings.maxSessionTimeout()) > 0) {
            throw new ApiException(
                    ErrorCode.INVALID_SESSION_TIMEOUT,
                    "a session time-out lies between " + settings.minSessionTimeout() + " and "
                            + settings.maxSessionTimeout() + ", not at " + sessionTimeout);
        }
        return new Subscription(
                // Version 0 has one time-out for both.
                body.rebalanceTimeoutMs() < 0 ? sessionTimeout : Duration.ofMillis(body.rebalanceTimeoutMs()),
                sessionTimeout,
                body.protocols().stream()
                        .map(protocol -> new Protocol(protocol.name(), protocol.metadata()))
                        .toList());
    }

    private static void requireNoMemberId(JoinGroupRequest body) {
        if (!body.memberId().isEmpty()) {
            throw new ApiException(ErrorCode.UNKNOWN_MEMBER_ID, "there is no group " + body.groupId());
        }
    }

    private void requireRoom(Decision decision, Group group, String memberId) {
        Member member = group.member(memberId);
        boolean counted = member != null && (!group.is(GroupState.PREPARING_REBALANCE) || member.isAwaitingJoin());
        if (counted || occupied(group) < settings.maxSize()) {
            return;
        }
        if (member != null) {
            rebalancing.remove(decision, group, member);
        }
        throw new ApiException(
                ErrorCode.GROUP_MAX_SIZE_REACHED, "group " + group.id() + " has " + settings.maxSize() + " members");
    }

    /** While the members are being called together, those that come first have the places. */
    private static long occupied(Group group) {
        return group.is(GroupState.PREPARING_REBALANCE)
                ? group.members().stream().filter(Member::isAwaitingJoin).count()
                : group.members().size();
    }

    private void joinUnknown(Decision decision, Group group, Request request) {
        String instanceId = request.instanceId();
        String memberId = (instanceId == null ? request.client().id() : instanceId) + "-" + ids.get();
        if (instanceId != null) {
            Member current = group.staticMember(instanceId);
            if (current == null) {
                add(decision, group, request, memberId);
            } else {
                replace(decision, group, current, memberId, request);
            }
        } else if (request.version() >= FIRST_VERSION_ASKING_FOR_ID) {
            group.expect(memberId, request.subscription().sessionTimeout());
            decision.answer(
                    request.answer(),
                    JoinGroupResponse.builder()
                            .errorCode(ErrorCode.MEMBER_ID_REQUIRED)
                            .protocolName("")
                            .memberId(memberId)
                            .build());
        } else {
            add(decision, group, request, memberId);
        }
    }

    private void add(Decision decision, Group group, Request request, String memberId) {
        Member member = group.newMember(memberId, request.instanceId(), request.client(), request.subscription());
        member.joiningForTheFirstTime(true);
        member.awaitJoin(request.answer());
        member.session().set(NEW_MEMBER_TIMEOUT);
        group.add(member, request.body().protocolType());
        group.rebalance().newcomer();
        rebalancing.memberJoined(decision, group);
    }

    private void rejoin(Decision decision, Group group, Member member, Request request) {
        boolean changed = !member.protocols().equals(request.subscription().protocols());
        boolean leads = group.isLeader(member);
        if (group.is(GroupState.COMPLETING_REBALANCE) && !changed) {
            // It missed the answer to its join.
            decision.answer(request.answer(), Rebalancing.joined(group, member, leads));
        } else if (group.is(GroupState.STABLE) && !changed && !leads) {
            // It missed the end of the rebalance. A leader that joins again wants a new one: it has seen topics change.
            decision.answer(request.answer(), Rebalancing.joined(group, member, false));
        } else {
            await(decision, group, member, request);
            rebalancing.memberJoined(decision, group);
        }
    }

    private static void await(Decision decision, Group group, Member member, Request request) {
        group.subscribe(member, request.subscription());
        decision.refuse(
                member.takeAwaitingJoin(),
                ErrorCode.REBALANCE_IN_PROGRESS,
                "member " + member.id() + " has joined once more since");
        member.awaitJoin(request.answer());
    }

    /** A static member has come back: it takes its own place, without a rebalance where that can be (KIP-345). */
    private void replace(Decision decision, Group group, Member old, String memberId, Request request) {
        String reason =
                "the instance " + old.instanceId() + " of group " + group.id() + " is member " + memberId + " now";
        decision.refuse(old.takeAwaitingJoin(), ErrorCode.FENCED_INSTANCE_ID, reason);
        decision.refuse(old.takeAwaitingSync(), ErrorCode.FENCED_INSTANCE_ID, reason);
        String formerLeader = group.leaderId();
        Member member = group.newMember(memberId, old.instanceId(), request.client(), request.subscription());
        group.replace(old, member);
        member.touch();
        if (group.is(GroupState.STABLE) && group.electProtocol().equals(group.protocolName())) {
            decision.write(new GroupWritten(group.id(), group.snapshot(clock.millis(), Member::assignment)));
            decision.answer(request.answer(), replaced(group, member, formerLeader, request.version()));
        } else {
            member.awaitJoin(request.answer());
            rebalancing.memberJoined(decision, group);
        }
    }

    /**
     * The group stays as it is, so nobody may assign. A leader of old versions is kept from it by the name of a leader who is gone; one of
     * newer versions is told, and can go on watching the topics.
     */
    private static JoinGroupResponse replaced(Group group, Member member, @Nullable String formerLeader, int version) {
        if (version >= FIRST_VERSION_SKIPPING_ASSIGNMENT) {
            boolean leads = group.isLeader(member);
            return Rebalancing.joined(group, member, leads).toBuilder()
                    .skipAssignment(leads)
                    .build();
        }
        return Rebalancing.joined(group, member, false).toBuilder()
                .leader(formerLeader == null ? "" : formerLeader)
                .build();
    }
}
